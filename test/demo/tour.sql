-- billing_fdw: your cloud bill as SQL tables
--
-- The answers come from a simulator of the Tencent Cloud Billing API on this machine,
-- which checks every request's signature; the credentials are the documentation's, and
-- the labels are those of both sites, the Chinese and the international one.

\pset footer off
-- # 1. A server, a key, and every table of the API

CREATE EXTENSION billing_fdw;

CREATE SERVER tencent FOREIGN DATA WRAPPER billing_fdw
    OPTIONS (endpoint 'http://127.0.0.1:18099');

CREATE USER MAPPING FOR CURRENT_USER SERVER tencent
    OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl',
             secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');

CREATE SCHEMA billing;
IMPORT FOREIGN SCHEMA billing FROM SERVER tencent INTO billing;
SET search_path = billing, public;

SELECT count(*) AS tables FROM information_schema.foreign_tables;

-- # 2. Three kinds of table
-- A summary: one month, grouped as you ask.

SELECT group_value AS region, real_total_cost, cash_pay_amount, voucher_pay_amount
  FROM bill_summary
 WHERE month = '2023-04' AND group_type = 'region'
 ORDER BY real_total_cost DESC
 LIMIT 5;

-- A month by the way it is paid.

SELECT pay_mode, pay_mode_name, real_total_cost_ratio AS percent, real_total_cost
  FROM bill_summary_by_pay_mode
 WHERE month = '2023-04'
 ORDER BY real_total_cost DESC;

-- And every resource that was billed, for all accounts of an organization.

SELECT resource_id, business_code_name AS product, region_name AS region, real_total_cost
  FROM bill_resource_summary_for_organization
 WHERE month = '2023-04'
 ORDER BY real_total_cost DESC
 LIMIT 5;

-- # 3. Conditions choose the requests
-- Any condition on a month works, with PostgreSQL's own meaning.  "Request Filter" is
-- what decided which calls to make; EXPLAIN without ANALYZE makes none.

\pset format unaligned
\pset tuples_only on
EXPLAIN (VERBOSE, COSTS OFF)
SELECT pay_mode, cash_pay_amount
  FROM bill_summary_by_pay_mode
 WHERE month LIKE '2023-%' AND month < '2023-04' AND cash_pay_amount > 0;

-- And with ANALYZE, what the calls came to.

EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT pay_mode, cash_pay_amount
  FROM bill_summary_by_pay_mode
 WHERE month LIKE '2023-%' AND month < '2023-04' AND cash_pay_amount > 0;

\pset tuples_only off
\pset format aligned
\pset footer off
-- # 4. Join the bill with what you know

CREATE TABLE public.assets AS
SELECT resource_id AS cloud_id, (ARRAY['search', 'shop', 'data'])[1 + row_number() OVER () % 3] AS team
  FROM (SELECT resource_id FROM bill_resource_summary_for_organization
         WHERE month = '2023-04' ORDER BY real_total_cost DESC LIMIT 12) AS big;

SELECT a.team, count(*) AS lines, round(sum(r.real_total_cost), 2) AS cost
  FROM assets a
  JOIN bill_resource_summary_for_organization r ON r.resource_id = a.cloud_id
 WHERE r.month = '2023-04'
 GROUP BY a.team
 ORDER BY cost DESC;

-- # 5. Keep a copy that is refreshed every night

CREATE MATERIALIZED VIEW public.cost_by_product AS
SELECT month, group_key AS product, real_total_cost AS cost
  FROM bill_summary
 WHERE group_type = 'business' AND month >= '2023-03' AND month <= '2023-04';

REFRESH MATERIALIZED VIEW public.cost_by_product;

SELECT month, count(*) AS products, sum(cost) AS cost FROM cost_by_product GROUP BY month ORDER BY month;

-- # 6. Not only bills
-- Every read-only action of the API is a table: lines and components, consumption,
-- orders, vouchers, balances, cost allocation, budgets.  Cents are currency units,
-- pages are turned, and comparisons of a time choose the period that is asked for.

SELECT family AS remote_schema, count(*) AS tables FROM billing_fdw_tables() GROUP BY family ORDER BY tables DESC;

SELECT order_id, create_time, real_total_cost
  FROM deals_by_cond
 WHERE create_time >= '2023-04-10' AND create_time < '2023-04-20'
 ORDER BY real_total_cost DESC LIMIT 3;

-- # 7. Never half an answer
-- A question that would read the whole history, or add the same money up five times,
-- is refused before any call, with the way out.

\set ON_ERROR_STOP off
SELECT sum(real_total_cost) FROM bill_summary WHERE month = '2023-04';

-- That is the tour.  "make sim" lets you try this from your own psql; docs/ has the rest.
