--
-- IMPORT FOREIGN SCHEMA
--
\getenv sim BILLING_SIM_URL
\! simctl reset

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
CREATE SCHEMA import_all;
CREATE SCHEMA import_some;

-- everything
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO import_all;
\d import_all.bill_summary
\d import_all.bill_summary_business
\d import_all.bill_summary_by_pay_mode
\d import_all.bill_summary_by_pay_mode_detail
\d import_all.bill_resource_summary_for_organization
-- again: the tables are there
\set VERBOSITY terse
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO import_all; -- ERROR
\set VERBOSITY default

-- what was imported is what the catalog says, for the server's site: here intl
CREATE VIEW pg_temp.wanted AS
  SELECT t.table_name, c.column_name, c.type, t.sites AS table_sites, c.sites AS column_sites
    FROM billing_fdw_tables() t, LATERAL billing_fdw_columns(t.table_name) c;
CREATE FUNCTION pg_temp.columns_of(schema regnamespace, OUT table_name text, OUT column_name text, OUT type text) RETURNS SETOF record
LANGUAGE sql AS $$
  SELECT c.relname, a.attname, replace(format_type(a.atttypid, a.atttypmod), ' without time zone', '')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
   WHERE c.relnamespace = $1
$$;
SELECT table_name, column_name, type FROM pg_temp.wanted WHERE table_sites ~ 'intl' AND column_sites ~ 'intl'
EXCEPT ALL SELECT * FROM pg_temp.columns_of('import_all');
SELECT * FROM pg_temp.columns_of('import_all')
EXCEPT ALL SELECT table_name, column_name, type FROM pg_temp.wanted WHERE table_sites ~ 'intl' AND column_sites ~ 'intl';

-- the other site has other tables and columns; one that it lacks is refused by name
CREATE SERVER china FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim', site 'china');
CREATE SCHEMA import_china;
IMPORT FOREIGN SCHEMA billing FROM SERVER china INTO import_china;
SELECT table_name, column_name, type FROM pg_temp.wanted WHERE table_sites ~ 'china' AND column_sites ~ 'china'
EXCEPT ALL SELECT * FROM pg_temp.columns_of('import_china');
SELECT * FROM pg_temp.columns_of('import_china')
EXCEPT ALL SELECT table_name, column_name, type FROM pg_temp.wanted WHERE table_sites ~ 'china' AND column_sites ~ 'china';
SELECT count(*) > 10 AS several, count(DISTINCT column_sites) FROM pg_temp.wanted WHERE column_sites !~ ',';
IMPORT FOREIGN SCHEMA account LIMIT TO (bill_list) FROM SERVER sim INTO import_some; -- ERROR
IMPORT FOREIGN SCHEMA bill LIMIT TO (cpq_billing_mapping) FROM SERVER china INTO import_some; -- ERROR
-- and so is reading it, also when the option changes later
ALTER SERVER china OPTIONS (SET site 'intl');
SELECT * FROM import_china.bill_list WHERE operation_time >= '2023-04-01'; -- ERROR
EXPLAIN (COSTS OFF) SELECT * FROM import_china.tag_list;

-- families, and parts of them
CREATE FUNCTION pg_temp.imported(OUT name text, OUT server name, OUT options text[]) RETURNS SETOF record
LANGUAGE sql AS $$
  SELECT c.relname, s.srvname, f.ftoptions
    FROM pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_foreign_server s ON s.oid = f.ftserver
   WHERE c.relnamespace = 'import_some'::regnamespace ORDER BY c.relname COLLATE "C"
$$;
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some;
SELECT * FROM pg_temp.imported() LIMIT 3;
IMPORT FOREIGN SCHEMA organization FROM SERVER sim INTO import_some;
CREATE VIEW pg_temp.missed AS
  (SELECT table_name FROM billing_fdw_tables() WHERE family IN ('bill', 'organization') AND sites ~ 'intl'
   EXCEPT SELECT name FROM pg_temp.imported())
  UNION ALL
  (SELECT name FROM pg_temp.imported()
   EXCEPT SELECT table_name FROM billing_fdw_tables() WHERE family IN ('bill', 'organization') AND sites ~ 'intl');
SELECT * FROM pg_temp.missed;
SET client_min_messages = warning;
DROP SCHEMA import_some CASCADE;
CREATE SCHEMA import_some;
-- the families together are everything
SELECT DISTINCT family FROM billing_fdw_tables() ORDER BY family;

IMPORT FOREIGN SCHEMA billing LIMIT TO (bill_summary, bill_summary_by_pay_mode) FROM SERVER sim INTO import_some;
SELECT name FROM pg_temp.imported();
DROP FOREIGN TABLE import_some.bill_summary, import_some.bill_summary_by_pay_mode;

IMPORT FOREIGN SCHEMA bill EXCEPT (bill_summary, no_such_table) FROM SERVER sim INTO import_some;
SELECT * FROM pg_temp.missed WHERE table_name NOT IN (SELECT table_name FROM billing_fdw_tables() WHERE family = 'organization');
DROP SCHEMA import_some CASCADE;
CREATE SCHEMA import_some;
RESET client_min_messages;

-- LIMIT TO of what the schema has not is no error, as for any wrapper
IMPORT FOREIGN SCHEMA bill LIMIT TO (no_such_table) FROM SERVER sim INTO import_some;
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_resource_summary_for_organization) FROM SERVER sim INTO import_some;
SELECT count(*) FROM pg_temp.imported();

-- schemas that do not exist
IMPORT FOREIGN SCHEMA no_such_schema FROM SERVER sim INTO import_some; -- ERROR
IMPORT FOREIGN SCHEMA "Billing" FROM SERVER sim INTO import_some; -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO no_such_schema; -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER no_such_server INTO import_some; -- ERROR

-- options
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER sim INTO import_some
  OPTIONS (month_type 'date', first_month '-12', last_month '-1');
\d import_some.bill_summary
DROP FOREIGN TABLE import_some.bill_summary;
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER sim INTO import_some
  OPTIONS (month_type 'timestamp', first_month '2023-04');
SELECT format_type(atttypid, atttypmod) FROM pg_attribute
 WHERE attrelid = 'import_some.bill_summary'::regclass AND attname = 'month';
SELECT * FROM pg_temp.imported();
DROP FOREIGN TABLE import_some.bill_summary;
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER sim INTO import_some OPTIONS (month_type 'text');
SELECT format_type(atttypid, atttypmod) FROM pg_attribute
 WHERE attrelid = 'import_some.bill_summary'::regclass AND attname = 'month';
DROP FOREIGN TABLE import_some.bill_summary;

-- months bound only what has months, or needs a period
IMPORT FOREIGN SCHEMA account LIMIT TO (tag_list, account_balance, deals_by_cond) FROM SERVER sim INTO import_some
  OPTIONS (first_month '-1');
SELECT * FROM pg_temp.imported();
ALTER FOREIGN TABLE import_some.tag_list OPTIONS (ADD last_month '-1');
SELECT * FROM import_some.tag_list; -- ERROR
DROP FOREIGN TABLE import_some.tag_list, import_some.account_balance, import_some.deals_by_cond;

-- a value that is none, and names that are none: values are not quoted
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (month_type 'integer'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (month_type 'DATE'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (first_month '2023-13'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (first_month '2023-4'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (last_month '1'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (last_month ''); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (month_typ 'date'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (frist_month '-1'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (import_default 'true'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (page_size '10'); -- ERROR
SELECT count(*) FROM pg_temp.imported();

-- names that need quotes
CREATE SERVER "My ""Server""" FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER "My ""Server""" INTO import_some;
SELECT * FROM pg_temp.imported();

-- the option table_name keeps a renamed table what it is
ALTER FOREIGN TABLE import_some.bill_summary RENAME TO costs;
ALTER FOREIGN TABLE import_some.costs SET SCHEMA import_all;
CREATE USER MAPPING FOR CURRENT_USER SERVER "My ""Server"""
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
-- importing has called nobody; a query does
\! simctl bodies
SELECT count(*) FROM import_all.costs WHERE month = '2023-04' AND group_type = 'payMode';
\! simctl bodies

SET client_min_messages = warning;
DROP VIEW pg_temp.wanted, pg_temp.missed;
DROP SCHEMA import_all, import_china, import_some CASCADE;
DROP SERVER sim;
DROP SERVER china;
DROP SERVER "My ""Server""" CASCADE;
DROP EXTENSION billing_fdw;
