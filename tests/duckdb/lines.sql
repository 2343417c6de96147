-- The lines of the file, as published. Money is in ten-thousandths of a pound throughout, so that
-- everything adds up exactly.
CREATE TABLE line AS
SELECT InvoiceNo AS invoice,
       InvoiceNo LIKE 'C%' AS is_credit_note,
       StockCode AS product,
       Quantity AS quantity,
       InvoiceDate AS placed_at,
       CAST(CustomerID AS VARCHAR) AS customer,
       Quantity * CAST(round(UnitPrice * 10000) AS BIGINT) AS amount
FROM read_parquet(getvariable('file'));

CREATE TABLE control AS
SELECT count(*) AS lines,
       count(DISTINCT invoice) AS invoices,
       count(DISTINCT customer) AS customers,
       count(*) FILTER (customer IS NULL) AS lines_without_customer,
       count(*) FILTER (is_credit_note) AS cancellation_lines,
       CAST(sum(amount) AS BIGINT) AS control_sum
FROM line;

-- What a customer placed before the day that is looked from. A credit note takes money back and is
-- no order; an invoice over nothing is no order either. Ages are whole days back from the midnight
-- at which that day begins.
CREATE TABLE document AS
SELECT customer,
       invoice,
       is_credit_note,
       min(placed_at) AS placed_at,
       CAST(floor(epoch(CAST(getvariable('as_of') AS TIMESTAMP) - min(placed_at)) / 86400) AS BIGINT) AS age,
       date_diff('day', CAST(min(placed_at) AS DATE), CAST(getvariable('as_of') AS DATE)) - 1 AS back,
       CAST(CASE WHEN is_credit_note THEN 0 ELSE sum(amount) END AS BIGINT) AS paid,
       CAST(CASE WHEN is_credit_note THEN -sum(amount) ELSE 0 END AS BIGINT) AS refunded
FROM line
WHERE customer IS NOT NULL AND placed_at < CAST(getvariable('as_of') AS TIMESTAMP)
GROUP BY customer, invoice, is_credit_note;

CREATE VIEW purchase AS SELECT * FROM document WHERE NOT is_credit_note AND paid > 0;
