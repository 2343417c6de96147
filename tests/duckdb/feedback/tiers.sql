-- The tiers, by the schemes' rules in words, and what groups say of us. A pound is 10,000 ten-thousandths.

-- Buyers in order, equal figures by customer id, the first one the worst.
CREATE TABLE ranked AS
SELECT customer,
       row_number() OVER (ORDER BY clv_estimate, customer) AS by_clv,
       row_number() OVER (ORDER BY tenure_days, customer) AS by_tenure,
       ntile(10) OVER (ORDER BY predicted_spend_365d, customer)
           + CASE WHEN orders_365d >= 2 THEN 20 ELSE 0 END AS ahead,
       count(*) OVER () AS buyers
FROM metrics WHERE frequency >= 1;

CREATE TABLE margins AS
SELECT customer,
       CASE WHEN sum(margin) OVER (ORDER BY margin DESC, customer ROWS UNBOUNDED PRECEDING) - margin
                 < 0.7 * sum(margin) OVER () THEN 'inside' ELSE 'outside' END AS share
FROM metrics WHERE frequency >= 1 AND margin IS NOT NULL;

CREATE TABLE counted AS
SELECT customer,
       CASE WHEN able_to_pay THEN 1 ELSE 0 END + CASE WHEN offer_fit THEN 1 ELSE 0 END AS musts,
       CASE WHEN revisits_90d >= 1 OR site_visits_180d >= 2 THEN 1 ELSE 0 END
       + CASE WHEN inbound_calls_180d >= 1 THEN 1 ELSE 0 END + CASE WHEN site_visits_180d >= 1 THEN 1 ELSE 0 END
       + CASE WHEN asked_process OR coalesce(process_questions, 0) >= 1 THEN 1 ELSE 0 END
       + CASE WHEN price_change_accepted THEN 1 ELSE 0 END AS signs
FROM metrics LEFT JOIN (SELECT customer, process_questions FROM behaved) USING (customer);

CREATE TABLE points AS
SELECT customer,
       CASE WHEN orders_365d >= 4 THEN 2 WHEN orders_365d >= 2 THEN 1 ELSE 0 END
       + CASE WHEN nps_last >= 9 THEN 2 WHEN nps_last >= 7 OR nps_last IS NULL THEN 1 ELSE 0 END
       + CASE WHEN complaint_rate < 0.05 THEN 2 WHEN complaint_rate < 0.2 THEN 1 ELSE 0 END
       + CASE WHEN csat_score_mean >= 0.75 THEN 2 WHEN csat_score_mean >= 0.5 OR csat_score_mean IS NULL THEN 1
              ELSE 0 END AS points
FROM metrics
WHERE complaint_rate IS NOT NULL AND (nps_last IS NOT NULL OR csat_score_mean IS NOT NULL);

CREATE TABLE tiers AS
SELECT m.customer,
       CASE WHEN nps_last IS NULL THEN 'unknown' WHEN nps_last >= 9 THEN 'promoter' WHEN nps_last >= 7 THEN 'passive'
            ELSE 'detractor' END AS nps,
       CASE WHEN csat_score_mean IS NULL THEN 'unknown' WHEN csat_score_mean >= 0.9 THEN 'delighted'
            WHEN csat_score_mean >= 0.75 THEN 'satisfied' WHEN csat_score_mean >= 0.5 THEN 'lukewarm'
            ELSE 'dissatisfied' END AS satisfaction,
       CASE WHEN able_to_pay IS NULL OR offer_fit IS NULL THEN 'unknown' WHEN musts = 2 AND signs = 5 THEN 'a'
            WHEN musts = 2 AND signs >= 3 THEN 'b' WHEN musts = 2 OR (musts = 1 AND signs = 5) THEN 'c'
            WHEN musts = 1 THEN 'd' ELSE 'e' END AS intent_grade,
       CASE WHEN points IS NULL THEN 'unknown' WHEN points >= 6 THEN 'loyal' WHEN points >= 3 THEN 'neutral'
            ELSE 'at_risk' END AS loyalty,
       CASE WHEN follower_count >= 1000 OR graph_followers >= 50 OR referrals_converted >= 3
                 OR (posts >= 12 AND reviews + shares >= 6) THEN 'opinion_leader'
            WHEN active_days_90d >= 3 OR m.campaign_responses_365d >= 2 OR posts >= 1 OR surveys_answered_365d >= 1
                 OR inbound_contacts_180d >= 1 THEN 'active' ELSE 'silent' END AS engagement,
       CASE WHEN m.frequency = 0 AND return_count > 0 THEN 'unknown'
            WHEN return_count >= 3 AND return_count / m.frequency >= 0.3 THEN 'frequent_returner'
            WHEN m.carts_90d >= 1 AND coalesce(orders_90d, 0) = 0 THEN 'cart_abandoner'
            WHEN m.orders_365d >= 4 AND recency_days <= 90 THEN 'loyal'
            WHEN m.frequency >= 2 AND recency_days <= 180 THEN 'repeat_buyer'
            WHEN m.frequency = 1 AND recency_days <= 180 THEN 'one_time_buyer'
            WHEN m.frequency = 0 AND (m.visits_90d >= 1 OR m.views_90d >= 1 OR m.searches_90d >= 1) THEN 'browser'
            WHEN m.frequency >= 1 THEN 'lapsed' ELSE 'quiet' END AS behaviour,
       CASE WHEN by_clv IS NULL THEN 'unknown' WHEN by_clv > round(0.9 * buyers) THEN 'very_high'
            WHEN by_clv > round(0.7 * buyers) THEN 'high' WHEN by_clv > round(0.4 * buyers) THEN 'middle'
            ELSE 'low' END AS clv_tier,
       CASE WHEN churn_probability IS NULL THEN 'unknown' WHEN churn_probability >= 0.75 THEN 'high'
            WHEN churn_probability >= 0.5 THEN 'medium' ELSE 'low' END AS churn_risk,
       CASE WHEN by_tenure IS NULL THEN 'unknown' WHEN by_tenure > round(0.975 * buyers) THEN 'innovator'
            WHEN by_tenure > round(0.84 * buyers) THEN 'early_adopter'
            WHEN by_tenure > round(0.5 * buyers) THEN 'early_majority'
            WHEN by_tenure > round(0.16 * buyers) THEN 'late_majority' ELSE 'laggard' END AS adopter,
       CASE WHEN share IS NULL OR ahead IS NULL THEN 'unknown' WHEN share = 'inside' AND ahead > 20 THEN 'core'
            WHEN ahead IN (8, 9, 10, 28, 29, 30) THEN 'promising' ELSE 'general' END AS value_core,
       CASE WHEN m.margin IS NULL THEN 'unknown'
            WHEN customer_profit >= 1000_0000 AND coalesce(customer_profit_rate, margin_rate) >= 0.3 THEN 'high_profit'
            WHEN customer_profit > 0 AND coalesce(customer_profit_rate, margin_rate) >= 0.15 THEN 'good_profit'
            WHEN customer_profit > 0 THEN 'thin_profit' ELSE 'loss_making' END AS profit_tier,
       CASE WHEN need_state IS NULL AND days_to_expected_close IS NULL THEN 'unknown'
            WHEN need_state = 'none' OR lead_status = 'unqualified' THEN 'e'
            WHEN need_state IN ('latent', 'later') OR days_to_expected_close IS NULL
                 OR days_to_expected_close > 183 THEN 'd'
            WHEN days_to_expected_close > 92 THEN 'c' WHEN days_to_expected_close > 31 THEN 'b'
            ELSE 'a' END AS close_time,
       CASE WHEN answers_social_style_extrovert IS NULL OR answers_social_style_introvert IS NULL THEN 'unknown'
            WHEN answers_social_style_extrovert - answers_social_style_introvert >= 0.1 - 1e-9 THEN 'extrovert'
            WHEN answers_social_style_introvert - answers_social_style_extrovert >= 0.1 - 1e-9 THEN 'introvert'
            ELSE 'neutral' END AS social_style
FROM metrics m
LEFT JOIN counted USING (customer) LEFT JOIN points USING (customer) LEFT JOIN ranked USING (customer)
LEFT JOIN margins USING (customer)
LEFT JOIN (SELECT customer, lead_status FROM known) USING (customer)
LEFT JOIN (SELECT customer, posts, reviews, shares FROM behaved) USING (customer)
LEFT JOIN (SELECT customer, orders_90d FROM bought) USING (customer);

-- The net promoter score and other opinions of everybody and of each tier.
CREATE TABLE opinions AS
WITH said AS (
    SELECT 'all' AS class, * FROM metrics
    UNION ALL SELECT churn_risk, m.* FROM metrics m JOIN tiers USING (customer))
SELECT class, count(nps_last) AS answered,
       100 * (count(*) FILTER (nps_last >= 9) - count(*) FILTER (nps_last <= 6)) / nullif(count(nps_last), 0) AS nps,
       avg(csat_score_mean) AS csat_score_mean, avg(csat_top2) AS csat_top2, avg(ces_last) AS ces_last
FROM said GROUP BY class;

-- Sums that can be checked by hand in the files.
CREATE TABLE control AS
SELECT (SELECT count(*) FROM everyone) AS customers, (SELECT count(*) FROM document WHERE is_order) AS orders,
       (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM contact) AS contacts,
       (SELECT count(*) FROM ticket) AS tickets, (SELECT count(*) FROM answer) AS answers,
       (SELECT count(*) FROM sale) AS sales, (SELECT count(*) FROM service) AS costs,
       (SELECT sum(net) FROM document WHERE is_order OR is_return)::BIGINT AS net,
       (SELECT sum(cost) FROM service)::BIGINT AS cost_to_serve;
