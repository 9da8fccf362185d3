/* sql/billing_fdw--1.0.sql */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION billing_fdw" to load this file. \quit

CREATE FUNCTION billing_fdw_handler()
RETURNS fdw_handler
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

CREATE FUNCTION billing_fdw_validator(text[], oid)
RETURNS void
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

COMMENT ON FUNCTION billing_fdw_handler() IS
  'the callbacks of the foreign data wrapper';

COMMENT ON FUNCTION billing_fdw_validator(text[], oid) IS
  'checks options of servers, user mappings, foreign tables and columns';

CREATE FOREIGN DATA WRAPPER billing_fdw
  HANDLER billing_fdw_handler
  VALIDATOR billing_fdw_validator;

COMMENT ON FOREIGN DATA WRAPPER billing_fdw IS
  'Tencent Cloud Billing API';

-- The catalog as rows.  These functions show constant data of the extension.

CREATE FUNCTION billing_fdw_tables(
  OUT table_name text, OUT family text, OUT action text, OUT sites text,
  OUT grain text, OUT caution text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION billing_fdw_tables() IS
  'the tables that can be imported, what a row is and what must not be summed';

CREATE FUNCTION billing_fdw_columns(table_name text,
  OUT column_name text, OUT type text, OUT unit text, OUT field text,
  OUT sites text, OUT required text, OUT pushdown text, OUT example text,
  OUT description text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION billing_fdw_columns(text) IS
  'the columns of a table, with meaning and unit, and how conditions on them reach the API';

CREATE FUNCTION billing_fdw_omissions(OUT action text, OUT reason text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION billing_fdw_omissions() IS
  'the read-only actions of the API that are no table, and why';

CREATE FUNCTION billing_fdw_options(
  OUT option text, OUT place text, OUT range text, OUT initial text,
  OUT description text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION billing_fdw_options() IS
  'the options of servers, user mappings, foreign tables and columns';

CREATE FUNCTION billing_fdw_errors(
  OUT code text, OUT sqlstate text, OUT retried text, OUT hint text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT IMMUTABLE PARALLEL SAFE;

COMMENT ON FUNCTION billing_fdw_errors() IS
  'the error codes of the API: SQLSTATE, whether a call is repeated, what to do';

CREATE FUNCTION billing_fdw_session_stats(
  OUT calls bigint, OUT pages bigint, OUT rows bigint, OUT bytes bigint,
  OUT retries bigint, OUT throttle_waits bigint, OUT quota_waits bigint,
  OUT ready_waits bigint, OUT call_ms double precision,
  OUT answer_wait_ms double precision, OUT quota_wait_ms double precision,
  OUT backoff_wait_ms double precision, OUT ready_wait_ms double precision)
RETURNS record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;

COMMENT ON FUNCTION billing_fdw_session_stats() IS
  'what this session has asked the API for, and how long it has waited';

CREATE FUNCTION billing_fdw_table_comments(foreign_table regclass)
RETURNS SETOF text
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT STABLE;

COMMENT ON FUNCTION billing_fdw_table_comments(regclass) IS
  'COMMENT commands for a foreign table and its columns';

CREATE FUNCTION billing_fdw_comments(schema_name text)
RETURNS SETOF text
LANGUAGE sql STRICT STABLE
BEGIN ATOMIC
  SELECT comments.command
  FROM pg_catalog.pg_foreign_table AS t
    JOIN pg_catalog.pg_class AS c ON c.oid = t.ftrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_foreign_server AS s ON s.oid = t.ftserver
    JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
    CROSS JOIN LATERAL billing_fdw_table_comments(c.oid)
      WITH ORDINALITY AS comments(command, position)
  WHERE n.nspname = schema_name
    AND w.fdwname = 'billing_fdw'
  ORDER BY c.relname, comments.position;
END;

COMMENT ON FUNCTION billing_fdw_comments(text) IS
  'COMMENT commands for the billing tables of a schema; run them with \gexec';
