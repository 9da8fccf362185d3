--
-- Foreign tables of one's own making: table_name, column_name, field, value,
-- types other than the importer's, dropped and renamed columns
--
\setenv SIM_CONFIG '{}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA columns;
SET search_path = columns, public;
SET datestyle = ISO;

--
-- table_name
--
CREATE FOREIGN TABLE bill_summary_by_pay_mode (month text, pay_mode text) SERVER sim;
SELECT * FROM bill_summary_by_pay_mode WHERE month = '2023-04';
CREATE FOREIGN TABLE modes (month text, pay_mode text) SERVER sim;
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
EXPLAIN SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
ALTER FOREIGN TABLE modes OPTIONS (ADD table_name 'bill_summary_by_pay_mod');
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
ALTER FOREIGN TABLE modes OPTIONS (SET table_name 'Bill_Summary_By_Pay_Mode');
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
ALTER FOREIGN TABLE modes OPTIONS (SET table_name 'bill_summary_by_pay_mode');
SELECT * FROM modes WHERE month = '2023-04';
:sent

--
-- column_name
--
CREATE FOREIGN TABLE renamed (
  "Monat" text OPTIONS (column_name 'month'),
  "Art" text OPTIONS (column_name 'pay_mode'),
  real_total_costs numeric
) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT "Art" FROM renamed WHERE "Monat" = '2023-04'; -- ERROR
ALTER FOREIGN TABLE renamed ALTER real_total_costs OPTIONS (ADD column_name 'wholly_unlike_any');
SELECT "Art" FROM renamed WHERE "Monat" = '2023-04'; -- ERROR
ALTER FOREIGN TABLE renamed ALTER real_total_costs OPTIONS (SET column_name 'real_total_cost');
SELECT "Art", real_total_costs > 0 FROM renamed WHERE "Monat" = '2023-04';
:sent
-- messages use the names of the foreign table
SELECT "Art" FROM renamed WHERE "Monat" = '2023-4'; -- ERROR
SELECT "Art" FROM renamed; -- ERROR
:sent
-- ALTER COLUMN RENAME alone makes it unknown
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME pay_mode TO mode;
SELECT * FROM bill_summary_by_pay_mode WHERE month = '2023-04'; -- ERROR
ALTER FOREIGN TABLE bill_summary_by_pay_mode ALTER mode OPTIONS (ADD column_name 'pay_mode');
SELECT * FROM bill_summary_by_pay_mode WHERE month = '2023-04';
\! simctl reset

-- columns in another order, left out, dropped in front of others
CREATE FOREIGN TABLE dropped (
  gone1 text OPTIONS (field 'A'), group_type text, gone2 int OPTIONS (field 'B'), month text,
  group_key text, gone3 text OPTIONS (field 'C'), real_total_cost numeric
) SERVER sim OPTIONS (table_name 'bill_summary');
ALTER FOREIGN TABLE dropped DROP COLUMN gone1, DROP COLUMN gone2, DROP COLUMN gone3;
SELECT count(*), count(group_key), count(real_total_cost), min(month), max(group_type)
  FROM dropped WHERE month IN ('2023-04', '2023-05') AND group_type = 'payMode' AND real_total_cost IS NOT NULL;
:sent
SELECT d FROM (SELECT month, group_type, group_key FROM dropped WHERE month = '2023-04' AND group_type = 'payMode') d;
SELECT (dropped).group_key FROM dropped WHERE month = '2023-04' AND group_type = 'payMode';
-- without the required column at all
ALTER FOREIGN TABLE dropped DROP COLUMN group_type;
SELECT count(*) FROM dropped WHERE month = '2023-04'; -- ERROR
ALTER FOREIGN TABLE dropped DROP COLUMN month;
SELECT count(*) FROM dropped; -- ERROR
:sent
-- no column at all
CREATE FOREIGN TABLE no_column () SERVER sim
  OPTIONS (table_name 'bill_summary_by_pay_mode', first_month '2023-04', last_month '2023-04');
SELECT count(*) FROM no_column;
SELECT * FROM no_column;
:sent

--
-- field: any member of the row, known to the catalog or not
--
\! simctl config '{"faults": [{"patch": [{"op": "add", "path": "/Response/SummaryOverview/0/NewMember", "value": "new"}, {"op": "add", "path": "/Response/SummaryOverview/1/NewMember", "value": {"a": [1, "x"]}}, {"op": "add", "path": "/Response/SummaryOverview/2/NewMember", "value": null}]}]}'
CREATE FOREIGN TABLE fields (
  month text,
  code text OPTIONS (field 'PayMode'),
  new_text text OPTIONS (field 'NewMember'),
  new_json jsonb OPTIONS (field 'NewMember'),
  ratio_text text OPTIONS (field 'RealTotalCostRatio'),
  ratio numeric(5, 1) OPTIONS (field 'RealTotalCostRatio'),
  missing text OPTIONS (field 'NoSuchMember'),
  other_case text OPTIONS (field 'paymode')
) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT code, new_text, new_json, jsonb_typeof(new_json), missing, other_case FROM fields WHERE month = '2023-04';
SELECT ratio_text::numeric = ratio AS exact, round(ratio_text::numeric, 1) = ratio AS rounded FROM fields WHERE month = '2023-04';
-- a column with a field is never a parameter
CREATE FOREIGN TABLE field_month (month text OPTIONS (field 'Month'), pay_mode text) SERVER sim
  OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT * FROM field_month WHERE month = '2023-04'; -- ERROR
:sent

--
-- value: a fixed argument
--
CREATE FOREIGN TABLE regions (
  month text,
  group_type text OPTIONS (value 'region'),
  payer_uin text OPTIONS (value '100000000001'),
  group_key text
) SERVER sim OPTIONS (table_name 'bill_summary');
SELECT count(*), min(group_type), max(payer_uin) FROM regions WHERE month = '2023-04';
-- conditions on it are plain conditions
SELECT count(*) > 0 FROM regions WHERE month = '2023-04' AND group_type = 'region' AND payer_uin LIKE '1%';
SELECT count(*) FROM regions WHERE month = '2023-04' AND group_type = 'project';
SELECT count(*) FROM regions WHERE month = '2023-04' AND payer_uin <> '100000000001';
SELECT count(*) FROM regions WHERE month = '2023-04' AND payer_uin IS NULL;
:sent
CREATE FOREIGN TABLE one_month (month text OPTIONS (value '2023-04'), pay_mode text) SERVER sim
  OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT * FROM one_month;
SELECT * FROM one_month WHERE month > '2023-04';
:sent
CREATE FOREIGN TABLE tagged (
  month text, group_type text OPTIONS (value 'tag'), tag_key text OPTIONS (value 'env'), group_value text
) SERVER sim OPTIONS (table_name 'bill_summary');
SELECT tag_key, count(*) FROM tagged WHERE month = '2023-04' GROUP BY 1;
:sent
CREATE FOREIGN TABLE env_prod (
  month text, tag_key text OPTIONS (value 'env'), tag_value text OPTIONS (value 'prod'), resource_id text
) SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
\! simctl config '{"rows": 30}'
SELECT tag_key, tag_value, count(*) > 0 AS some FROM env_prod WHERE month = '2023-04' GROUP BY 1, 2;
:sent
CREATE FOREIGN TABLE pre (month text, pay_mode text OPTIONS (value 'prePay'), business_code text OPTIONS (value 'p_cvm'))
  SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
\! simctl config '{"rows": 30}'
SELECT pay_mode, business_code, count(*) > 0 AS some FROM pre WHERE month = '2023-04' GROUP BY 1, 2;
:sent
-- a value that the API does not take: filtered here
CREATE FOREIGN TABLE ri (month text, pay_mode text OPTIONS (value 'riPay'), resource_id text)
  SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
\! simctl config '{"rows": 30}'
SELECT pay_mode, count(*) > 0 AS some FROM ri WHERE month = '2023-04' GROUP BY 1;
:sent
-- a tag key where there are no tags: no row has it
CREATE FOREIGN TABLE tag_of_regions (
  month text, group_type text OPTIONS (value 'region'), tag_key text OPTIONS (value 'env'), group_value text
) SERVER sim OPTIONS (table_name 'bill_summary');
SELECT tag_key, count(*) > 0 FROM tag_of_regions WHERE month = '2023-04' GROUP BY 1;
\! simctl reset

-- values that can be none are refused, when the table is used
CREATE FUNCTION use_value(tab text, col text, value text, OUT outcome text, OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE FOREIGN TABLE tried (%I text OPTIONS (value %L)) SERVER sim OPTIONS (table_name %L, first_month %L, last_month %L)',
                 col, value, tab, '2023-04', '2023-04');
  EXECUTE 'EXPLAIN SELECT * FROM tried';
  outcome := 'accepted';
  RAISE SQLSTATE 'TRIED';
EXCEPTION
  WHEN SQLSTATE 'TRIED' THEN NULL;
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS outcome = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    outcome := SQLSTATE || ' ' || outcome;
END $$;
SELECT v.*, u.*
  FROM (VALUES ('bill_summary', 'month', '2023-4'), ('bill_summary', 'month', ''), ('bill_summary', 'month', '-1'),
               ('bill_summary', 'group_type', 'paymode'), ('bill_summary', 'group_type', ''),
               ('bill_summary_business', 'group_type', 'business'),
               ('bill_summary', 'group_key', '1'), ('bill_summary', 'real_total_cost', '1'), ('bill_summary', 'currency', 'USD'),
               ('bill_resource_summary_for_organization', 'pay_mode', 'prepay'),
               ('bill_resource_summary_for_organization', 'pay_mode', 'riPay'),
               ('bill_resource_summary_for_organization', 'operate_uin', '1')
       ) AS v(tab, col, value), LATERAL use_value(v.tab, v.col, v.value) u;
:sent

--
-- two columns fed by one parameter
--
CREATE FOREIGN TABLE two_months (
  month text, first_day date OPTIONS (column_name 'month'), midnight timestamp OPTIONS (column_name 'month'), pay_mode text
) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT month, first_day, midnight, pay_mode FROM two_months WHERE month = '2023-04' LIMIT 1;
SELECT month, first_day, midnight, pay_mode FROM two_months WHERE first_day = '2023-05-01' LIMIT 1;
SELECT month, first_day, midnight, pay_mode FROM two_months WHERE midnight = '2023-06-01' LIMIT 1;
SELECT count(*) FROM two_months WHERE month >= '2023-04' AND first_day < '2023-07-01' AND extract(month FROM midnight) <> 5;
SELECT count(*) FROM two_months WHERE month = '2023-04' AND first_day = '2023-05-01';
:sent
-- one of them fixed: the other shows the same
CREATE FOREIGN TABLE two_fixed (
  month text OPTIONS (value '2023-04'), first_day date OPTIONS (column_name 'month'), pay_mode text
) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT * FROM two_fixed LIMIT 1;
SELECT * FROM two_fixed WHERE first_day = '2023-05-01';
:sent
-- fixed twice, to different values
CREATE FOREIGN TABLE two_values (
  month text OPTIONS (value '2023-04'), month2 text OPTIONS (column_name 'month', value '2023-05')
) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT * FROM two_values; -- ERROR

--
-- types of columns
--
CREATE FOREIGN TABLE bad_month (month int) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT * FROM bad_month; -- ERROR
ALTER FOREIGN TABLE bad_month ALTER month TYPE timestamptz;
SELECT * FROM bad_month; -- ERROR
ALTER FOREIGN TABLE bad_month ALTER month TYPE char(7);
SELECT * FROM bad_month; -- ERROR
ALTER FOREIGN TABLE bad_month ALTER month TYPE varchar(7);
SELECT * FROM bad_month WHERE month = '2023-04' LIMIT 1;
CREATE DOMAIN year_month AS text CHECK (VALUE ~ '^\d{4}-\d\d$');
CREATE DOMAIN first_day AS date CHECK (extract(day FROM VALUE) = 1);
CREATE FOREIGN TABLE domains (month year_month, first_day first_day OPTIONS (column_name 'month'), pay_mode text) SERVER sim
  OPTIONS (table_name 'bill_summary_by_pay_mode');
SELECT * FROM domains WHERE month = '2023-04' LIMIT 1;
SELECT * FROM domains WHERE first_day = '2023-04-01' LIMIT 1;
:sent
-- a month column too narrow for a month holds none
ALTER FOREIGN TABLE bad_month ALTER month TYPE varchar(4);
SELECT * FROM bad_month WHERE month = '2023'; -- ERROR
-- amounts as other types
CREATE FOREIGN TABLE amounts (
  month text, exact numeric OPTIONS (column_name 'real_total_cost'),
  rounded numeric(30, 2) OPTIONS (column_name 'real_total_cost'), double float8 OPTIONS (column_name 'real_total_cost'),
  as_sent text OPTIONS (column_name 'real_total_cost'), as_json jsonb OPTIONS (column_name 'real_total_cost'),
  money money OPTIONS (column_name 'real_total_cost')
) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/SummaryOverview/0/RealTotalCost", "value": "-1234567890123456789.123456789"}, {"op": "replace", "path": "/Response/SummaryOverview/1/RealTotalCost", "value": "-"}, {"op": "replace", "path": "/Response/SummaryOverview/2/RealTotalCost", "value": 0.25}]}]}'
SELECT exact, rounded, double, as_sent, as_json FROM amounts WHERE month = '2023-04';
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/SummaryOverview/0/RealTotalCost", "value": "NaN"}]}]}'
\! simctl config '{"request_id": "counted"}'
SELECT exact FROM amounts WHERE month = '2023-04'; -- ERROR
SELECT double FROM amounts WHERE month = '2023-04'; -- ERROR
SELECT as_sent FROM amounts WHERE month = '2023-04' LIMIT 1;
CREATE FOREIGN TABLE small (month text, c int OPTIONS (column_name 'real_total_cost')) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/SummaryOverview/0/RealTotalCost", "value": "3000000000"}]}]}'
SELECT c FROM small WHERE month = '2023-04'; -- ERROR

-- a column that is documented as a day: a time of day would be lost
CREATE FOREIGN TABLE details (month text, bill_month date) SERVER sim OPTIONS (table_name 'bill_detail_for_organization');
\! simctl config '{"rows": 1, "faults": [{"patch": [{"op": "replace", "path": "/Response/DetailSet/0/BillMonth", "value": "2023-04-02 00:00:00"}]}]}'
SELECT bill_month FROM details WHERE month = '2023-04';
\! simctl config '{"rows": 1, "faults": [{"patch": [{"op": "replace", "path": "/Response/DetailSet/0/BillMonth", "value": "2023-04-02 00:00:01"}]}]}'
SELECT bill_month FROM details WHERE month = '2023-04'; -- ERROR

--
-- Numbers in another unit: the column has currency units, "field" what was sent
--
CREATE FOREIGN TABLE balance (balance numeric, as_money numeric(12,2) OPTIONS (column_name 'balance'),
  as_text text OPTIONS (column_name 'balance'), cents bigint OPTIONS (field 'Balance'), raw text OPTIONS (field 'Balance'))
  SERVER sim OPTIONS (table_name 'account_balance');
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/Balance", "value": -45}]}]}'
SELECT * FROM balance;
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/Balance", "value": 12345678901234}]}]}'
SELECT * FROM balance; -- ERROR
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/Balance", "value": 0.5}]}]}'
SELECT balance, as_text, raw FROM balance;
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/Balance", "value": null}]}]}'
SELECT * FROM balance;
CREATE FOREIGN TABLE voucher (nominal_value numeric, raw bigint OPTIONS (field 'NominalValue')) SERVER sim OPTIONS (table_name 'voucher_info');
\! simctl config '{"rows": 3, "faults": [{"patch": [{"op": "replace", "path": "/Response/VoucherInfos/0/NominalValue", "value": 265645002000001}]}]}'
SELECT * FROM voucher LIMIT 1;

SET client_min_messages = warning;
\! simctl reset
DROP SCHEMA columns CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
