-- Every reading of what the documents leave open: under each, the answer is
-- the truth or a named error.
--
-- The simulator is told how to read a point ("config"); the truth is what
-- "simctl dump" says when it reads nothing oddly, through jsonb_to_recordset,
-- filtered by PostgreSQL.  Cases with an error name it.  Three filters the API
-- could ignore without a trace, because rows show nothing of them: ActionType,
-- PayerUin, OperateUin; nobody can detect that, so there the truth is what the
-- API says for the same request.

\ir common.psql

SELECT plan(203);

CREATE TABLE reading (
    n serial,
    config jsonb,               -- how the simulator reads
    options text,               -- of the server, for this case
    tab name,
    condition text,
    params jsonb,               -- of the dump
    asked jsonb,                -- what parameter columns hold, default params
    rest text NOT NULL DEFAULT 'true',  -- filter of the expected rows
    error text,                 -- regular expression, NULL = the truth
    nrows int NOT NULL DEFAULT 400, -- of the month
    found bigint);              -- rows of the truth, noted by the test

CREATE FUNCTION inconsistent(what text) RETURNS text LANGUAGE sql AS $$
    SELECT '^HV00M: inconsistent answer for foreign table "bill_resource_summary_for_organization": ' || what ||
           ' \| Action DescribeBillResourceSummaryForOrganization, RequestId [^ ]+\. \|'
$$;

-- ---- paging: a limit that is silently lowered, totals of all kinds

-- 2500 rows in pages of 1000 (2500: the stale total says 2250, the large one
-- 2751).  A limit lowered to 250 makes the stale total equal to the rows read
-- after the ninth page: still not the end.
INSERT INTO reading (nrows, config, tab, condition, params, error)
SELECT 2500, jsonb_build_object('total', total, 'limit_cap', cap), 'bill_resource_summary_for_organization',
       $$month = '2023-04'$$, '{"Month": "2023-04"}',
       CASE total WHEN 'large' THEN inconsistent('the rows end after 2500 of 2751') END
  FROM unnest('{exact,"null",zero,stale,absent,large}'::text[]) AS total,
       unnest('{0,999,300,250,7}'::int[]) AS cap
 WHERE cap <> 7 OR total = 'exact';

-- the same with conditions sent, and the total theirs
INSERT INTO reading (nrows, config, tab, condition, params, error)
SELECT 2500, jsonb_build_object('total', total, 'limit_cap', cap), 'bill_resource_summary_for_organization',
       $$month = '2023-04' AND pay_mode = 'postPay'$$, '{"Month": "2023-04", "PayMode": "postPay"}',
       CASE total WHEN 'large' THEN inconsistent('the rows end after \d+ of \d+') END
  FROM unnest('{exact,"null",zero,stale,absent,large}'::text[]) AS total,
       unnest('{0,100}'::int[]) AS cap;

-- no rows at all
INSERT INTO reading (nrows, config, tab, condition, params, error)
SELECT 0, jsonb_build_object('total', total), 'bill_resource_summary_for_organization',
       $$month = '2023-04'$$, '{"Month": "2023-04"}',
       CASE total WHEN 'large' THEN inconsistent('the rows end after 0 of 1') END
  FROM unnest('{exact,"null",zero,stale,absent,large}'::text[]) AS total;

-- ---- tags of resources

INSERT INTO reading (config, tab, condition, params, asked, rest)
SELECT config::jsonb, 'bill_resource_summary_for_organization', $$month = '2023-04' AND $$ || condition,
       '{"Month": "2023-04"}', jsonb_build_object('Month', '2023-04', 'TagKey', key), rest
  FROM unnest(ARRAY['{"tag_value_empty": "honoured"}', '{"tag_value_empty": "ignored"}',
                    '{"tag_key_alone": "all"}', '{"tag_key_alone": "tagged"}',
                    '{"tag_value_empty": "ignored", "tag_key_alone": "tagged"}',
                    '{"tag_value_empty": "ignored", "total": "null", "limit_cap": 300}']) AS config, (VALUES
    ($$tag_key = 'env'$$, 'env', 'true'),
    ($$tag_key = 'env' AND tag_value = ''$$, 'env', $$tag_value = ''$$),
    ($$tag_key = 'owner' AND tag_value = ''$$, 'owner', $$tag_value = ''$$),
    ($$tag_key = 'owner' AND tag_value = 'alice'$$, 'owner', $$tag_value = 'alice'$$),
    ($$tag_key = 'owner' AND tag_value IN ('', 'alice', '王伟')$$, 'owner', $$tag_value IN ('', 'alice', '王伟')$$),
    ($$tag_key = 'unknown' AND tag_value = ''$$, 'unknown', $$tag_value = ''$$)
    ) AS v(condition, key, rest);

-- ---- group_type tag without a key: never asked

INSERT INTO reading (config, tab, condition, error)
SELECT jsonb_build_object('tag_without_key', reading), tab, $$month = '2023-04' AND group_type = 'tag'$$,
       format('^HV002: foreign table "%s" needs a condition on "tag_key"', tab)
  FROM unnest('{error,all,empty}'::text[]) AS reading, unnest('{bill_summary,bill_summary_business}'::name[]) AS tab;
INSERT INTO reading (config, tab, condition, params)
SELECT jsonb_build_object('tag_without_key', reading), tab, $$month = '2023-04' AND group_type = 'tag' AND tag_key = 'team'$$,
       '{"Month": "2023-04", "GroupType": "tag", "TagKey": ["team"]}'
  FROM unnest('{error,all,empty}'::text[]) AS reading, unnest('{bill_summary,bill_summary_business}'::name[]) AS tab;

-- ---- filters that are ignored

SELECT resource_id AS one FROM bill.bill_resource_summary_for_organization WHERE month = '2023-04' LIMIT 1
\gset
CREATE TABLE filters (parameter text, condition text, shown text, params jsonb);
INSERT INTO filters VALUES
    ('ResourceId', format('resource_id = %L', :'one'), 'resource_id', jsonb_build_object('ResourceId', :'one')),
    ('BusinessCode', $$business_code = 'p_cvm'$$, 'business_code', '{"BusinessCode": "p_cvm"}'),
    ('PayMode', $$pay_mode = 'prePay'$$, 'pay_mode', '{"PayMode": "prePay"}'),
    ('TagKey', $$tag_key = 'team' AND tag_value = 'search'$$, 'tag_value', '{"TagKey": "team", "TagValue": "search"}'),
    ('TagValue', $$tag_key = 'team' AND tag_value = 'search'$$, 'tag_value', '{"TagKey": "team", "TagValue": "search"}');
INSERT INTO reading (config, options, tab, condition, params, error)
SELECT jsonb_build_object('ignore_filters', ARRAY[parameter]), 'ADD answer_check ' || quote_literal(answer_check),
       'bill_resource_summary_for_organization', $$month = '2023-04' AND $$ || condition,
       '{"Month": "2023-04"}' || params,
       CASE answer_check WHEN 'error' THEN inconsistent(format('a row has another %s than was asked for', shown)) END
  FROM filters, unnest('{error,warning,off}'::text[]) AS answer_check;
-- an ignored filter on a second value of a list, and beside another filter
INSERT INTO reading (config, tab, condition, error) VALUES
    ('{"ignore_filters": ["BusinessCode"]}', 'bill_resource_summary_for_organization',
     $$month = '2023-04' AND business_code IN ('p_cvm', 'p_cdb')$$,
     inconsistent('a row has another business_code than was asked for')),
    ('{"ignore_filters": ["PayMode"]}', 'bill_resource_summary_for_organization',
     $$month = '2023-04' AND business_code = 'p_cvm' AND pay_mode = 'postPay'$$,
     inconsistent('a row has another pay_mode than was asked for'));

-- ---- Ready is missing

INSERT INTO reading (config, tab, condition, params, error)
SELECT '{"ready": "absent"}', tab, $$month = '2023-04'$$ || more, params::jsonb,
       CASE WHEN does IS NOT NULL
            THEN format('^HV00M: could not read the %s for foreign table "%s": .*Ready.* \| Action %s, RequestId [^ ]+\.',
                        does, tab, action_of(tab)) END
  FROM (VALUES
    ('bill_summary'::name, $$ AND group_type = 'region'$$, NULL, 'bill summary'),
    ('bill_summary_business', $$ AND group_type = 'region'$$, NULL, 'bill summary'),
    ('bill_summary_by_pay_mode', '', NULL, 'bill summary by billing mode'),
    ('bill_summary_by_pay_mode_detail', '', NULL, 'bill summary by billing mode'),
    -- whose answers have no such member
    ('bill_resource_summary_for_organization', '', '{"Month": "2023-04"}', NULL)) AS v(tab, more, params, does);

-- ---- errors with any HTTP status

INSERT INTO reading (config, options, tab, condition, params, error)
SELECT jsonb_build_object('error_status', status), 'SET max_retries ''2''', 'bill_summary',
       format('month = %L AND tag_key = %L', '2023-04', v.key),
       '{"Month": "2023-04", "GroupType": "tag", "TagKey": ["env"]}', v.error
  FROM unnest('{200,400,403,404,429,500,503}'::int[]) AS status, (VALUES
    ('env', NULL),
    ('no such key', '^HV000: could not read the bill summary for foreign table "bill_summary": .*no such key.* \| ' ||
     'Action DescribeBillSummary, error code FailedOperation\.TagKeyNotExist, RequestId [^ ]+\.')) AS v(key, error);

-- ---- arrays without items

INSERT INTO reading (nrows, config, tab, condition, params, asked, rest)
SELECT nrows, jsonb_build_object('empty_array', spelling), tab, $$month = '2023-04'$$ || more, params::jsonb,
       asked::jsonb, rest
  FROM unnest('{documented,[],"null",missing}'::text[]) AS spelling, unnest('{40,0}'::int[]) AS nrows, (VALUES
    ('bill_summary'::name, $$ AND group_type = 'business'$$, '{"Month": "2023-04", "GroupType": "business"}', NULL, 'true'),
    ('bill_summary', $$ AND group_type = 'region'$$, '{"Month": "2023-04", "GroupType": "region"}', NULL, 'true'),
    ('bill_summary_business', $$ AND group_type = 'region'$$, '{"Month": "2023-04", "GroupType": "region"}', NULL, 'true'),
    ('bill_summary_by_pay_mode', '', '{"BeginTime": "2023-04", "EndTime": "2023-04"}', NULL, 'true'),
    ('bill_summary_by_pay_mode_detail', '', '{"BeginTime": "2023-04", "EndTime": "2023-04"}', NULL, 'true'),
    ('bill_resource_summary_for_organization', '', '{"Month": "2023-04"}', NULL, 'true'),
    ('bill_resource_summary_for_organization', $$ AND tag_key = 'env' AND tag_value = ''$$, '{"Month": "2023-04"}',
     '{"Month": "2023-04", "TagKey": "env"}', $$tag_value = ''$$)) AS v(tab, more, params, asked, rest);

-- ---- all of them

-- What the simulator has; kept, because it is asked for again and again.
CREATE TABLE dumped (action text, settings jsonb, params jsonb, rows jsonb);
CREATE FUNCTION truth(for_action text, with_settings jsonb, for_params jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    found jsonb;
BEGIN
    SELECT rows INTO found FROM dumped WHERE action = for_action AND settings = with_settings AND params = for_params;
    IF found IS NULL THEN
        PERFORM sim_start(with_settings);
        found := sim_dump(for_action, for_params);
        INSERT INTO dumped VALUES (for_action, with_settings, for_params, found);
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION check_reading(r reading) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    name text := format('%s rows %s %s: %s WHERE %s', r.nrows, r.config, coalesce(r.options, ''), r.tab, r.condition);
    query text := actual(format('bill.%I', r.tab), r.condition);
    -- what tells which data there is, not how the API reads
    settings jsonb := jsonb_strip_nulls(jsonb_build_object('rows', r.nrows, 'empty_array', r.config -> 'empty_array'));
BEGIN
    IF r.options IS NOT NULL THEN
        EXECUTE format('ALTER SERVER api OPTIONS (%s)', r.options);
    END IF;
    IF r.error IS NULL THEN
        TRUNCATE answer;
        PERFORM answer_is(r.tab, truth(action_of(r.tab), settings, r.params), coalesce(r.asked, r.params));
        PERFORM sim_start(settings || r.config);
        RETURN NEXT same_rows(query, expected(r.tab, r.rest), name);
        UPDATE reading SET found = (SELECT count(*) FROM want_rows) WHERE n = r.n;
    ELSE
        PERFORM sim_start(settings || r.config);
        RETURN NEXT matches(error_of(query), r.error, name);
    END IF;
    IF r.options LIKE 'ADD answer_check %' THEN
        ALTER SERVER api OPTIONS (DROP answer_check);
    ELSIF r.options LIKE 'SET max_retries %' THEN
        ALTER SERVER api OPTIONS (SET max_retries '0');
    END IF;
END $$;

SELECT check_reading(r) FROM reading r ORDER BY n;

-- No truth above is nothing, but where there is none.
SELECT is_empty($$SELECT n, config, condition FROM reading WHERE error IS NULL AND (found > 0) <> (nrows > 0)$$,
                'the truth has rows where the month has');

-- ---- what was sent under some of them

CREATE FUNCTION asked_when(config jsonb, query text) RETURNS jsonb[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sim_start(config);
    PERFORM error_of(query);
    RETURN ARRAY(SELECT sim_bodies());
END $$;

SELECT is(asked_when(jsonb_build_object('tag_without_key', reading),
                     $$SELECT count(*) FROM bill.bill_summary WHERE month = '2023-04' AND group_type = 'tag'$$),
          '{}'::jsonb[], format('group_type tag without a key is never sent, were the answer %s', reading))
  FROM unnest('{error,all,empty}'::text[]) AS reading;

-- The API's own error is final, whatever the status: one call although retries are allowed.
ALTER SERVER api OPTIONS (SET max_retries '3');
SELECT is(asked_when(jsonb_build_object('error_status', status),
                     $$SELECT count(*) FROM bill.bill_summary WHERE month = '2023-04' AND tag_key = 'no such key'$$),
          ARRAY['{"Month": "2023-04", "GroupType": "tag", "TagKey": ["no such key"]}']::jsonb[],
          format('an unknown key is asked for once, were the status %s', status))
  FROM unnest('{200,400,429,500,503}'::int[]) AS status;
ALTER SERVER api OPTIONS (SET max_retries '0');

-- Pages of a lowered limit are asked for from where the one before ended.
SELECT is(asked_when('{"rows": 25, "limit_cap": 10, "total": "null"}',
                     $$SELECT count(real_total_cost) FROM bill.bill_resource_summary_for_organization WHERE month = '2023-04'$$),
          ARRAY(SELECT jsonb_build_object('Month', '2023-04', 'Offset', start, 'Limit', 1000, 'NeedRecordNum', 1)
                  FROM unnest('{0,10,20,25}'::int[]) AS start),
          'offsets follow the rows that came, up to an empty page');

-- Nothing shows that these are ignored: what comes is what the API says.
CREATE FUNCTION check_undetectable(parameter text, tab name, condition text, params jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sim_start(jsonb_build_object('rows', 400, 'ignore_filters', ARRAY[parameter]));
    TRUNCATE answer;
    PERFORM answer_is(tab, sim_dump(action_of(tab), params), params);
    RETURN NEXT same_rows(actual(format('bill.%I', tab), condition), expected(tab), parameter || ' ignored: what the API says');
    RETURN NEXT is(array_length(ARRAY(SELECT sim_bodies()), 1), 1, parameter || ' ignored: one call');
END $$;
SELECT check_undetectable(parameter, tab, condition, params::jsonb) FROM (VALUES
    ('PayerUin', 'bill_summary', $$month = '2023-04' AND group_type = 'region' AND payer_uin = '42'$$,
     '{"Month": "2023-04", "GroupType": "region", "PayerUin": "42"}'),
    ('PayerUin', 'bill_summary_by_pay_mode', $$month = '2023-04' AND payer_uin = '42'$$,
     '{"BeginTime": "2023-04", "EndTime": "2023-04", "PayerUin": "42"}'),
    ('OperateUin', 'bill_summary_business', $$month = '2023-04' AND group_type = 'region' AND operate_uin = '909619400'$$,
     '{"Month": "2023-04", "GroupType": "region", "OperateUin": "909619400"}'),
    ('ActionType', 'bill_resource_summary_for_organization', $$month = '2023-04' AND action_type = 'Hourly'$$,
     '{"Month": "2023-04", "ActionType": "Hourly"}')) AS v(parameter, tab, condition, params);

-- One warning per request, and the right rows.
SELECT sim_start('{"rows": 400, "ignore_filters": ["BusinessCode"]}') AS ignored
\gset
ALTER SERVER api OPTIONS (ADD answer_check 'warning');
\set said `psql -XqAt -c "SELECT count(*) FROM bill.bill_resource_summary_for_organization WHERE month = '2023-04' AND business_code IN ('p_cvm', 'p_cdb')" 2>&1`
SELECT is((SELECT count(*) FROM regexp_matches(:'said', 'WARNING:  inconsistent answer [^\n]* a row has another business_code than was asked for', 'g')),
          2::bigint, 'one warning for each of two requests');
SELECT is(substring(:'said' FROM '\d+\s*$'),
          (SELECT count(*)::text FROM jsonb_array_elements(truth('DescribeBillResourceSummaryForOrganization', '{"rows": 400}', '{"Month": "2023-04"}')) AS r
            WHERE r ->> 'BusinessCode' IN ('p_cvm', 'p_cdb')), 'and the rows are right');

SELECT * FROM finish();
