//! What planning alone tells of a query's answer.

use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Column, DFSchemaRef, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;

/// For each column the text that every row has in it, if there are rows. The planner itself leaves a
/// constant below a projection where it is, and does not see what follows from it above.
pub(crate) fn texts(plan: &LogicalPlan) -> Result<Vec<Option<String>>> {
    let columns = 0..plan.schema().fields().len();
    columns.map(|column| text(Expr::Column(column_at(plan.schema(), column)), plan)).collect()
}

fn text(expr: Expr, plan: &LogicalPlan) -> Result<Option<String>> {
    let (expr, schema) = inlined(expr, plan)?;
    let simplifier = ExprSimplifier::new(SimplifyContext::builder().with_schema(schema).build());
    Ok(match simplifier.simplify(expr)? {
        Expr::Literal(ScalarValue::Utf8(text) | ScalarValue::Utf8View(text), _) => text,
        _ => None,
    })
}

/// An expression over a plan's columns as one over what its projections read.
fn inlined(expr: Expr, plan: &LogicalPlan) -> Result<(Expr, DFSchemaRef)> {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => {
            let below = |place| Expr::Column(column_at(alias.input.schema(), place));
            inlined(replaced(expr, &alias.schema, &below)?, &alias.input)
        }
        LogicalPlan::Projection(projection) => {
            let below = |place: usize| projection.expr[place].clone().unalias_nested().data;
            inlined(replaced(expr, &projection.schema, &below)?, &projection.input)
        }
        _ => Ok((expr, plan.schema().clone())),
    }
}

/// The expression with each column replaced, by its place in the schema.
fn replaced(expr: Expr, schema: &DFSchemaRef, by: &dyn Fn(usize) -> Expr) -> Result<Expr> {
    let done = expr.transform_down(|expr| match &expr {
        Expr::Column(column) => {
            let below = by(schema.index_of_column(column)?);
            Ok(Transformed::new(below, true, TreeNodeRecursion::Jump))
        }
        _ => Ok(Transformed::no(expr)),
    });
    Ok(done?.data)
}

fn column_at(schema: &DFSchemaRef, place: usize) -> Column {
    let (qualifier, field) = schema.qualified_field(place);
    Column::new(qualifier.cloned(), field.name())
}
