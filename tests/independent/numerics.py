"""The figures of crates/predict, computed by scipy, scikit-learn, networkx and numpy.

Reads one question as JSON from standard input, {"kind": …, …}, and writes its answer as JSON. The tests in
crates/predict/tests compare. Where a library has the figure, the library is asked; where none has it, it is
computed in another way than in the crate: relative weights by a singular value decomposition instead of
eigenvalues of correlations, Shapley values over all orders instead of all sets.
"""

import itertools
import json
import sys

import numpy as np


def welch(question):
    from scipy import stats

    left, right = np.array(question["left"]), np.array(question["right"])
    found = stats.ttest_ind(left, right, equal_var=False)
    interval = found.confidence_interval(0.95)
    return {
        "t": found.statistic,
        "p": found.pvalue,
        "freedom": found.df,
        "low": interval.low,
        "high": interval.high,
        "quantiles": np.quantile(left, [0.05, 0.25, 0.5, 0.9]).tolist(),
    }


def chi_square(question):
    from scipy.stats import chi2_contingency
    from scipy.stats.contingency import association

    table = np.array(question["counts"]).reshape(-1, question["columns"])
    for axis, place in enumerate(question.get("without", [])):
        table = np.delete(table, place, axis)
    found = chi2_contingency(table, correction=False)
    rows, columns = table.shape
    total = table.sum()
    phi = max(0.0, found.statistic / total - (rows - 1) * (columns - 1) / (total - 1))
    width = min(side - (side - 1) ** 2 / (total - 1) for side in (rows, columns))
    return {
        "statistic": found.statistic,
        "p": found.pvalue,
        "expected": found.expected_freq.flatten().tolist(),
        "small": np.mean(found.expected_freq < 5),
        "cramers_v": association(table, method="cramer"),
        "corrected": (phi / (width - 1)) ** 0.5,
    }


def lift(question):
    from scipy.stats import chi2_contingency
    from scipy.stats.contingency import relative_risk

    (a, m), (b, n) = question["left"], question["right"]
    found = relative_risk(a, m, b, n)
    interval = found.confidence_interval(0.95)
    table = [[a, m - a], [b, n - b]]
    return {
        "ratio": found.relative_risk,
        "low": interval.low,
        "high": interval.high,
        "p": chi2_contingency(table, correction=False).pvalue,
    }


def bounded(question):
    """Wilson's intervals: of a share by scipy, of a mean between two ends by solving for where the score test gives up."""
    from scipy import optimize, stats

    values = np.array(question["values"])
    low, high = question["floor"], question["ceiling"]
    yes = int(np.sum(values > question["above"]))
    share = stats.binomtest(yes, len(values)).proportion_ci(0.95, method="wilson")
    scaled = (values - low) / (high - low)
    p = scaled.mean()
    cases = p * (1 - p) / (scaled.var(ddof=1) / len(values))
    cases *= (stats.norm.ppf(0.975) / stats.t.ppf(0.975, len(values) - 1)) ** 2

    def score(truth):
        return abs(p - truth) - stats.norm.ppf(0.975) * np.sqrt(truth * (1 - truth) / cases)

    ends = [optimize.brentq(score, 1e-15, p), optimize.brentq(score, p, 1 - 1e-15)]
    return {
        "share": [share.low, share.high],
        "mean": [low + end * (high - low) for end in ends],
    }


def mean_ratio(question):
    """The mean of a part over that of the whole, with the interval of the logarithm of the ratio to the rest."""
    from scipy import stats

    part, rest = np.array(question["part"]), np.array(question["rest"])
    errors = [stats.sem(group) / group.mean() for group in (part, rest)]
    squares = [error**2 for error in errors]
    freedom = sum(squares) ** 2 / sum(s**2 / (len(g) - 1) for s, g in zip(squares, (part, rest)))
    middle = np.log(part.mean() / rest.mean())
    ends = stats.t.interval(0.95, freedom, loc=middle, scale=np.sqrt(sum(squares)))
    weight = len(part) / (len(part) + len(rest))
    over = [1 / (weight + (1 - weight) / np.exp(end)) for end in ends]
    whole = np.concatenate([part, rest]).mean()
    return {"ratio": part.mean() / whole, "low": over[0], "high": over[1]}


def adjust(question):
    from scipy.stats import false_discovery_control

    return {"adjusted": false_discovery_control(question["p"], method="bh").tolist()}


def drivers(question):
    from scipy import stats

    values = np.array(question["values"]).reshape(-1, question["columns"])
    outcome = np.array(question["outcome"])
    rows, columns = values.shape

    def explained(chosen):
        design = np.column_stack([np.ones(rows), values[:, list(chosen)]])
        fitted = design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
        return 1 - np.sum((outcome - fitted) ** 2) / np.sum((outcome - outcome.mean()) ** 2)

    shapley = np.zeros(columns)
    orders = list(itertools.permutations(range(columns)))
    sets = {}
    for order in orders:
        for place, column in enumerate(order):
            before, after = frozenset(order[:place]), frozenset(order[: place + 1])
            for chosen in (before, after):
                if chosen not in sets:
                    sets[chosen] = explained(sorted(chosen)) if chosen else 0.0
            shapley[column] += sets[after] - sets[before]
    r_squared = explained(range(columns))

    scaled = (values - values.mean(0)) / values.std(0) / np.sqrt(rows)
    target = (outcome - outcome.mean()) / outcome.std() / np.sqrt(rows)
    left, _, right = np.linalg.svd(scaled, full_matrices=False)
    nearest = left @ right
    loadings = nearest.T @ scaled
    weights = (loadings.T**2) @ (nearest.T @ target) ** 2
    free = rows - columns - 1
    statistic = (r_squared / columns) / ((1 - r_squared) / free)
    inflation = [
        1 / (1 - np.linalg.lstsq(np.delete(scaled, c, 1), scaled[:, c], rcond=None)[0] @ np.delete(scaled, c, 1).T @ scaled[:, c])
        for c in range(columns)
    ]
    return {
        "r_squared": r_squared,
        "adjusted": 1 - (1 - r_squared) * (rows - 1) / free,
        "p": stats.f.sf(statistic, columns, free),
        "weights": weights.tolist(),
        "coefficients": np.linalg.lstsq(scaled, target, rcond=None)[0].tolist(),
        "shapley": (shapley / len(orders)).tolist(),
        "inflation": inflation,
    }


def page_rank(question):
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from(range(question["nodes"]))
    graph.add_edges_from(map(tuple, question["edges"]))
    ranks = networkx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=1000)
    return {"ranks": [ranks[node] for node in range(question["nodes"])]}


def silhouette(question):
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    values = np.array(question["values"]).reshape(-1, question["columns"])
    return {
        "silhouette": silhouette_score(values, question["labels"]),
        "agreement": adjusted_rand_score(question["labels"], question["others"]),
    }


def k_means(question):
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score
    from sklearn.preprocessing import StandardScaler

    values = np.array(question["values"]).reshape(-1, question["columns"])
    scaled = StandardScaler().fit_transform(values)
    model = KMeans(question["clusters"], n_init=20, random_state=0).fit(scaled)
    return {
        "inertia": model.inertia_,
        "agreement": adjusted_rand_score(question["labels"], model.labels_),
    }


KINDS = {
    kind.__name__: kind
    for kind in (welch, chi_square, lift, bounded, mean_ratio, adjust, drivers, page_rank, silhouette, k_means)
}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(KINDS[asked["kind"]](asked), sys.stdout, default=float)
