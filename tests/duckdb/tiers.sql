-- The tiers, by the schemes' rules in words. A pound is 10,000 ten-thousandths.

-- Parts of equal size from the weakest up; the first parts hold one more when it does not divide,
-- and equal figures are parted by customer id as text.
CREATE TABLE score AS
SELECT customer,
       ntile(5) OVER (ORDER BY recency_days DESC, customer) AS r5,
       ntile(5) OVER (ORDER BY frequency, customer) AS f5,
       ntile(5) OVER (ORDER BY monetary, customer) AS m5,
       ntile(3) OVER (ORDER BY frequency, customer) AS f3,
       ntile(3) OVER (ORDER BY monetary, customer) AS m3,
       ntile(3) OVER (ORDER BY average_order_value, customer) AS a3,
       row_number() OVER (ORDER BY spend_365d, customer) AS spend_rank,
       sum(monetary) OVER (ORDER BY monetary DESC, customer ROWS UNBOUNDED PRECEDING) - monetary AS before,
       sum(monetary) OVER () AS total,
       count(*) OVER () AS buyers,
       recency_days <= median(recency_days) OVER () AS r_high,
       row_number() OVER (ORDER BY tenure_days, customer) AS tenure_rank,
       row_number() OVER (ORDER BY clv_estimate, customer) AS clv_rank,
       ntile(10) OVER (ORDER BY predicted_spend_365d, customer)
           + CASE WHEN orders_365d >= 2 THEN 20 ELSE 0 END AS ahead,
       frequency >= median(frequency) OVER () AS f_high,
       monetary >= median(monetary) OVER () AS m_high
FROM metrics WHERE frequency >= 1;

-- Thirds of those whose net spend is above zero.
CREATE TABLE third AS
SELECT customer,
       CASE WHEN recency_days <= 180 THEN 3 WHEN recency_days <= 365 THEN 2 ELSE 1 END AS r,
       ntile(3) OVER (ORDER BY frequency, customer) AS f,
       ntile(3) OVER (ORDER BY monetary, customer) AS m
FROM metrics WHERE monetary > 0;

CREATE TABLE eleven (tier VARCHAR, codes VARCHAR);
INSERT INTO eleven VALUES
    ('champions', '555 554 544 545 454 455 445'),
    ('loyal', '543 444 435 355 354 345 344 335'),
    ('potential_loyalist', '553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323'),
    ('new', '512 511 422 421 412 411 311'),
    ('promising', '525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313'),
    ('need_attention', '535 534 443 434 343 334 325 324'),
    ('about_to_sleep', '331 321 312 221 213 231 241 251'),
    ('at_risk', '255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124'),
    ('cannot_lose', '155 154 144 214 215 115 114 113'),
    ('hibernating', '332 322 233 232 223 222 132 123 122 212 211'),
    ('lost', '111 112 121 131 141 151');

CREATE TABLE six (tier VARCHAR, codes VARCHAR);
INSERT INTO six VALUES
    ('champions', '333 332 323'), ('loyal', '321 322 331 232 233'), ('recent', '312 313 311 222 223'),
    ('needs_attention', '213 221 123 132 133'), ('at_risk', '231 212 122 131 211'),
    ('inactive', '111 112 113 121');

CREATE TABLE crossed AS
WITH power AS (
    SELECT customer, CASE ntile(3) OVER (ORDER BY average_order_value, customer)
                         WHEN 3 THEN 'high' WHEN 2 THEN 'mid' ELSE 'low' END AS power
    FROM metrics WHERE average_order_value IS NOT NULL),
points AS (
    SELECT customer,
           CASE WHEN orders_on_record >= 4 THEN 2 WHEN orders_on_record >= 2 THEN 1 ELSE 0 END
           + CASE WHEN recency_days <= 90 THEN 2 WHEN recency_days <= 180 THEN 1 ELSE 0 END
           + CASE WHEN tenure_days >= 180 THEN 1 ELSE 0 END AS points
    FROM metrics WHERE orders_on_record IS NOT NULL AND recency_days IS NOT NULL)
SELECT customer, coalesce(power, 'unknown') AS power,
       CASE WHEN points >= 4 THEN 'high' WHEN points >= 2 THEN 'mid' WHEN points IS NOT NULL THEN 'low'
            ELSE 'unknown' END AS loyalty
FROM metrics LEFT JOIN power USING (customer) LEFT JOIN points USING (customer);

CREATE TABLE tiers AS
SELECT m.customer,
       coalesce((SELECT tier FROM eleven WHERE list_contains(string_split(codes, ' '), concat(s.r5, s.f5, s.m5))),
                'unknown') AS rfm_11,
       CASE WHEN s.customer IS NOT NULL THEN concat(s.r5, s.f5, s.m5) END AS rfm_11__code,
       CASE WHEN s.customer IS NULL THEN 'unknown' ELSE
            CASE WHEN s.m_high THEN 'important' ELSE 'general' END || '_' ||
            CASE WHEN s.r_high AND s.f_high THEN 'value' WHEN s.r_high THEN 'develop'
                 WHEN s.f_high THEN 'keep' ELSE 'win_back' END END AS rfm_8,
       coalesce((SELECT tier FROM six WHERE list_contains(string_split(codes, ' '), concat(t.r, t.f, t.m))),
                'unknown') AS rfm_6,
       CASE WHEN m.frequency = 0 THEN 'unknown' ELSE concat(
            'r', CASE WHEN m.recency_days <= 90 THEN 1 WHEN m.recency_days <= 180 THEN 2
                      WHEN m.recency_days <= 365 THEN 3 ELSE 4 END,
            'f', CASE WHEN m.frequency <= 2 THEN 1 WHEN m.frequency <= 5 THEN 2
                      WHEN m.frequency <= 10 THEN 3 ELSE 4 END,
            'm', CASE WHEN m.monetary <= 2000_0000 THEN 1 WHEN m.monetary <= 5000_0000 THEN 2
                      WHEN m.monetary <= 10000_0000 THEN 3 ELSE 4 END) END AS rfm_bands,
       NULLIF(rfm_bands, 'unknown') AS rfm_bands__code,
       CASE WHEN s.customer IS NULL THEN 'unknown' WHEN 10 * s.before < 7 * s.total THEN 'a'
            WHEN 10 * s.before < 9 * s.total THEN 'b' ELSE 'c' END AS abc,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown'
            WHEN m.frequency = 0 THEN 'prospect'
            WHEN m.frequency >= 3 THEN
                CASE WHEN m.recency_days <= greatest(m.gap_p80, 30) THEN 'active'
                     WHEN m.recency_days <= greatest(m.gap_max, 90) THEN 'silent' ELSE 'churned' END
            WHEN m.tenure_days <= 30 THEN 'new'
            WHEN m.recency_days <= 60 THEN 'active'
            WHEN m.recency_days <= 90 THEN 'silent' ELSE 'churned' END AS lifecycle,
       CASE WHEN s.customer IS NULL THEN 'unknown' WHEN s.f3 + s.a3 >= 5 THEN 'high'
            WHEN s.f3 + s.a3 = 4 THEN 'middle' ELSE 'low' END AS spend_tier,
       CASE WHEN s.customer IS NULL THEN 'unknown' ELSE
            CASE WHEN s.m3 + s.f3 + p.rhythm >= 7 THEN 'high' WHEN s.m3 + s.f3 + p.rhythm >= 5 THEN 'mid'
                 ELSE 'low' END END AS value_tier,
       x.power AS purchase_power,
       x.loyalty AS loyalty_power,
       CASE WHEN x.power = 'unknown' OR x.loyalty = 'unknown' THEN 'unknown'
            WHEN (x.power, x.loyalty) IN (('high', 'high'), ('high', 'mid'), ('mid', 'high')) THEN 'high'
            WHEN (x.power, x.loyalty) IN (('low', 'low'), ('mid', 'low'), ('low', 'mid')) THEN 'low'
            ELSE 'mid' END AS mass_discount,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown'
            WHEN m.orders_365d >= 4 AND m.recency_days <= 120 THEN 'loyal'
            WHEN m.recency_days <= 180 THEN 'consumer' WHEN m.frequency = 0 THEN 'prospect'
            ELSE 'lost' END AS four_types,
       CASE WHEN m.orders_365d >= 4 THEN 'frequent' WHEN m.orders_365d >= 1 THEN 'infrequent'
            ELSE 'none' END AS frequency_tier,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown' WHEN m.frequency = 0 THEN 'prospective'
            WHEN m.frequency >= 3 AND m.gap_mean <= 90 AND m.recency_days <= 180 THEN 'regular'
            ELSE 'occasional' END AS buyer_habit,
       CASE WHEN m.gap_mean IS NULL THEN 'unknown' WHEN m.gap_mean < 30 THEN 'short'
            WHEN m.gap_mean < 90 THEN 'medium' ELSE 'long' END AS purchase_cycle,
       CASE WHEN m.favourite_daypart IS NULL THEN 'unknown'
            WHEN m.favourite_daypart_share >= 0.5 THEN m.favourite_daypart ELSE 'mixed' END AS daypart,
       CASE WHEN m.weekend_share IS NULL THEN 'unknown' WHEN m.weekend_share >= 0.6 THEN 'weekend'
            WHEN m.weekend_share < 0.2 THEN 'weekday' ELSE 'both' END AS week_part,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown'
            WHEN m.largest_order >= 3000_0000 OR m.two_in_row_30d THEN
                CASE WHEN m.spend_365d >= 10000_0000 THEN 'key' ELSE 'walk_in' END
            WHEN m.tenure_days <= 30 THEN 'new' WHEN m.frequency >= 1 THEN 'ordinary'
            ELSE 'prospective' END AS store_customer,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown'
            WHEN m.spend_365d >= 500000_0000
                 OR (m.largest_order >= 200000_0000 AND m.recency_days <= 180) THEN 'vip'
            WHEN m.orders_365d >= 1 THEN 'ordinary' ELSE 'prospective' END AS vip_bank,
       CASE WHEN s.customer IS NULL THEN 'unknown'
            WHEN s.spend_rank > round(s.buyers * 0.8) THEN 'high'
            WHEN s.spend_rank > round(s.buyers * 0.5) THEN 'mid' ELSE 'low' END AS vip_shop,
       CASE WHEN m.average_order_value IS NULL THEN 'unknown' ELSE
            CASE WHEN v.points >= 6 THEN 'high_end' WHEN v.points >= 4 THEN 'middle' ELSE 'low_end' END
            END AS vip_travel,
       CASE WHEN s.customer IS NULL THEN 'unknown' WHEN s.tenure_rank > round(s.buyers * 0.975) THEN 'innovator'
            WHEN s.tenure_rank > round(s.buyers * 0.84) THEN 'early_adopter'
            WHEN s.tenure_rank > round(s.buyers * 0.5) THEN 'early_majority'
            WHEN s.tenure_rank > round(s.buyers * 0.16) THEN 'late_majority' ELSE 'laggard' END AS adopter,
       CASE WHEN m.churn_probability IS NULL THEN 'unknown' WHEN m.churn_probability >= 0.75 THEN 'high'
            WHEN m.churn_probability >= 0.5 THEN 'medium' ELSE 'low' END AS churn_risk,
       CASE WHEN s.customer IS NULL THEN 'unknown' WHEN s.clv_rank > round(s.buyers * 0.9) THEN 'very_high'
            WHEN s.clv_rank > round(s.buyers * 0.7) THEN 'high' WHEN s.clv_rank > round(s.buyers * 0.4) THEN 'middle'
            ELSE 'low' END AS clv_tier,
       CASE WHEN s.customer IS NULL THEN 'unknown' WHEN s.ahead >= 28 THEN 'repeat_top'
            WHEN s.ahead >= 21 THEN 'repeat_rest' WHEN s.ahead >= 8 THEN 'once_top' ELSE 'once_rest' END AS value_predicted,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown'
            WHEN m.frequency >= 3 AND m.tenure_days > 90 AND m.recency_days <= greatest(m.gap_p80, 30)
                 AND m.return_rate < 0.5 THEN 'loyal'
            WHEN m.tenure_days > 30 AND ((m.frequency >= 3 AND m.recency_days <= greatest(m.gap_max, 90))
                 OR (m.frequency < 3 AND m.recency_days <= 90)) THEN 'developing'
            WHEN m.frequency >= 1 AND m.tenure_days <= 30 THEN 'new' WHEN m.frequency = 0 THEN 'prospect'
            ELSE 'lost' END AS lifecycle_loyal,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown' WHEN g.musts = 2 AND g.signs >= 2 THEN 'key'
            WHEN g.musts = 2 OR (g.musts = 1 AND g.signs = 3) THEN 'candidate' ELSE 'other' END AS key_account,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown' WHEN g.medal >= 10 THEN 'gold' WHEN g.medal >= 7 THEN 'silver'
            WHEN g.medal >= 4 THEN 'ordinary' ELSE 'prospective' END AS medal,
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown' WHEN m.spend_365d >= 50000_0000 THEN 'important'
            ELSE 'ordinary' END AS importance,
       -- Of the four signs of high value the file can tell two: who came lately, and who is loyal.
       CASE WHEN m.orders_on_record IS NULL THEN 'unknown'
            WHEN m.spend_365d >= 5000_0000 AND (m.orders_90d >= 1 OR g.is_loyal) THEN 'near'
            ELSE 'below' END AS high_value,
       CASE WHEN m.average_order_value IS NULL THEN 'unknown' WHEN m.average_order_value >= 1000_0000 THEN 'premium'
            ELSE 'ordinary' END AS buying_power,
       -- The file says nothing of channels, payments, categories, discounts and costs.
       'unknown' AS channel, 'unknown' AS payment, 'unknown' AS variety,
       'unknown' AS price_sensitivity, 'unknown' AS profit_tier
FROM metrics m
LEFT JOIN score s USING (customer)
LEFT JOIN third t USING (customer)
LEFT JOIN crossed x USING (customer)
LEFT JOIN (SELECT customer, CASE WHEN gap_mean <= 45 THEN 2 WHEN gap_mean <= 120 THEN 1 ELSE 0 END AS rhythm
           FROM metrics) p USING (customer)
LEFT JOIN (SELECT customer,
                  2 * CASE WHEN average_order_value >= 8000_0000 THEN 3
                           WHEN average_order_value >= 2000_0000 THEN 2 ELSE 1 END
                  + CASE WHEN orders_365d >= 3 THEN 2 WHEN orders_365d >= 1 THEN 1 ELSE 0 END AS points
           FROM metrics) v USING (customer)
LEFT JOIN (SELECT customer,
                  CASE WHEN spend_365d >= 20000_0000 THEN 1 ELSE 0 END
                  + CASE WHEN tenure_days >= 365 AND frequency >= 6 THEN 1 ELSE 0 END AS musts,
                  CASE WHEN orders_180d >= 1 AND orders_365d > orders_180d THEN 1 ELSE 0 END
                  + CASE WHEN spend_growth >= 0.1 OR spend_growth_90d >= 0.1 THEN 1 ELSE 0 END
                  + CASE WHEN predicted_spend_365d >= 20000_0000 THEN 1 ELSE 0 END AS signs,
                  frequency >= 4 AND tenure_days >= 365 AND recency_days <= 180 AS is_loyal,
                  CASE WHEN frequency >= 1 THEN 4 ELSE 0 END
                  + CASE WHEN spend_365d >= 20000_0000 THEN 3 WHEN spend_365d >= 5000_0000 THEN 2
                         WHEN spend_365d >= 1000_0000 THEN 1 ELSE 0 END
                  + CASE WHEN orders_365d >= 4 THEN 2 WHEN orders_365d >= 2 THEN 1 ELSE 0 END
                  + CASE WHEN tenure_days >= 365 AND recency_days <= 120 THEN 1 ELSE 0 END
                  + CASE WHEN spend_growth >= 0.1 OR spend_growth_90d >= 0.1 THEN 1 ELSE 0 END
                  + CASE WHEN predicted_spend_365d >= 5000_0000 THEN 1 ELSE 0 END AS medal
           FROM metrics) g USING (customer);
