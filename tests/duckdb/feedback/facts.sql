-- The files of fixtures/feedback as they are, up to the day that is looked from. Money is in ten-thousandths.
CREATE MACRO as_of() AS CAST(getvariable('as_of') AS TIMESTAMP);
CREATE MACRO stamp(written) AS CAST(written AS TIMESTAMP);
CREATE MACRO age(moment) AS CAST(floor(epoch(as_of() - moment) / 86400) AS BIGINT);
-- Calendar days: 0 is the day before.
CREATE MACRO back(moment) AS date_diff('day', CAST(moment AS DATE), CAST(as_of() AS DATE)) - 1;
CREATE MACRO money(written) AS CAST(CAST(written AS DECIMAL(18, 4)) * 10000 AS BIGINT);
CREATE MACRO hours(earlier, later) AS epoch(later - earlier) / 3600;
CREATE MACRO rows_of(name) AS TABLE
    SELECT * FROM read_csv(getvariable('file') || '/' || name || '.csv', all_varchar = true, header = true);

CREATE TABLE profile AS SELECT * FROM rows_of('customers');

CREATE TABLE everyone AS
SELECT customer_id AS customer FROM profile UNION SELECT customer_id FROM rows_of('orders')
UNION SELECT customer_id FROM rows_of('events') UNION SELECT customer_id FROM rows_of('tickets')
UNION SELECT customer_id FROM rows_of('responses');

-- What was returned is an order and a return; what was cancelled or not paid is neither.
CREATE TABLE document AS
SELECT customer_id AS customer, age(stamp(ordered_at)) AS age, back(stamp(ordered_at)) AS back,
       status IN ('completed', 'returned', 'partly_returned') AND CAST(amount AS DOUBLE) > 0 AS is_order,
       status IN ('returned', 'partly_returned') AS is_return,
       money(amount) AS amount, money(amount) - money(refunded) AS net, money(cost) AS cost
FROM rows_of('orders') WHERE stamp(ordered_at) < as_of();

CREATE TABLE event AS
SELECT customer_id AS customer, age(stamp(event_time)) AS age, back(stamp(event_time)) AS back, event_type AS kind, session_id AS visit,
       event_type IN ('visit', 'view', 'search', 'compare', 'wishlist', 'cart', 'remove_from_cart', 'checkout',
                      'purchase', 'login') AS on_site,
       event_type NOT IN ('campaign_sent', 'campaign_open', 'bounce') AS of_their_own
FROM rows_of('events') WHERE stamp(event_time) < as_of();

CREATE TABLE contact AS
SELECT customer_id AS customer, age(stamp(contacted_at)) AS age, back(stamp(contacted_at)) AS back, contact_type AS kind, direction = 'in' AS inbound,
       outcome
FROM rows_of('interactions') WHERE stamp(contacted_at) < as_of();

CREATE TABLE ticket AS
SELECT customer_id AS customer, stamp(opened_at) AS opened, type = 'complaint' AS is_complaint,
       CASE WHEN stamp(first_response_at) < as_of() THEN stamp(first_response_at) END AS answered,
       CASE WHEN stamp(closed_at) < as_of() THEN stamp(closed_at) END AS closed
FROM rows_of('tickets') WHERE stamp(opened_at) < as_of();

CREATE TABLE answer AS
SELECT customer_id AS customer, stamp(answered_at) AS answered, survey, question, CAST(value AS DOUBLE) AS value,
       CAST(scale_max AS DOUBLE) AS top,
       (CAST(value AS DOUBLE) - CAST(scale_min AS DOUBLE)) / (CAST(scale_max AS DOUBLE) - CAST(scale_min AS DOUBLE))
           AS score
FROM rows_of('responses') WHERE stamp(answered_at) < as_of();

-- Of a question that a customer answered several times the newest answer, of several at that time the greatest.
CREATE TABLE newest AS
SELECT *, row_number() OVER (PARTITION BY customer, survey, question ORDER BY answered DESC, value DESC) = 1 AS is_newest
FROM answer;

-- A sale that is decided later is open, and nobody knows any more how likely it then was.
CREATE TABLE sale AS
SELECT customer_id AS customer, money(amount) AS amount,
       CASE WHEN stamp(closed_at) >= as_of() THEN 'open' ELSE outcome END AS outcome,
       CASE WHEN stamp(closed_at) >= as_of() THEN NULL ELSE CAST(probability AS DECIMAL(9, 4)) END AS probability,
       date_diff('day', CAST(as_of() AS DATE), CAST(expected_close AS DATE)) AS until
FROM rows_of('opportunities') WHERE stamp(created_at) < as_of();

CREATE TABLE tie AS
SELECT DISTINCT referrer AS origin, referred_customer AS target, relation_type AS kind
FROM rows_of('relations') WHERE stamp(since) < as_of();

CREATE TABLE service AS
SELECT customer_id AS customer, money(cost) AS cost FROM rows_of('service_costs') WHERE stamp(date) < as_of();
