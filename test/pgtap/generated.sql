-- Generated bills of any size: what SELECT returns is what the simulator has.
--
-- The right side of every comparison is "simctl dump" (all rows for the same
-- parameters, unsigned and without paging) through jsonb_to_recordset: a path
-- that shares nothing with the wrapper.  All columns are compared, as text, as
-- multisets; the requests sent are compared with the parameters.

\ir common.psql

SELECT plan(237);

-- ---- conditions and the requests they become

-- A case: the condition asks the API for "sent"; what the columns of
-- parameters hold is "asked", by default the same; "rest" is what is left to
-- filter, in terms of the expected rows.
CREATE TABLE asked_for (n serial, tab name, condition text, sent jsonb, asked jsonb, rest text NOT NULL DEFAULT 'true');

INSERT INTO asked_for (tab, condition, sent)
SELECT tab, format('month = %L AND group_type = %L', month, group_type),
       jsonb_build_object('Month', month, 'GroupType', group_type)
  FROM unnest('{bill_summary,bill_summary_business}'::name[]) AS tab,
       unnest('{2023-04,2021-04,2018-01}'::text[]) AS month,    -- list prices are "-" before May 2021
       unnest('{business,project,region,payMode}'::text[]) AS group_type
 WHERE NOT (tab = 'bill_summary_business' AND group_type = 'business');

INSERT INTO asked_for (tab, condition, sent)
SELECT tab, v.condition, v.sent::jsonb
  FROM unnest('{bill_summary,bill_summary_business}'::name[]) AS tab, (VALUES
    ($$month = '2023-05' AND tag_key = 'env'$$,
     '{"Month": "2023-05", "GroupType": "tag", "TagKey": ["env"]}'),
    ($$month = '2023-05' AND group_type = 'tag' AND tag_key IN ('部门分类', 'cost center', 'env')$$,
     '{"Month": "2023-05", "GroupType": "tag", "TagKey": ["部门分类", "cost center", "env"]}'),
    ($$month = '2023-05' AND group_type = 'region' AND payer_uin = '100000000001'$$,
     '{"Month": "2023-05", "GroupType": "region", "PayerUin": "100000000001"}'),
    ($$month = '2023-05' AND group_type = 'project' AND operate_uin = '909619400'$$,
     '{"Month": "2023-05", "GroupType": "project", "OperateUin": "909619400"}'),
    ($$month = '2023-05' AND tag_key = '测试键' AND operate_uin = '909619400' AND payer_uin = '42'$$,
     '{"Month": "2023-05", "GroupType": "tag", "PayerUin": "42", "OperateUin": "909619400", "TagKey": ["测试键"]}')
    ) AS v(condition, sent);

-- conditions on what the rows show are left to PostgreSQL
INSERT INTO asked_for (tab, condition, sent, rest) VALUES
    ('bill_summary', $$month = '2023-05' AND group_type = 'region' AND real_total_cost > 0 AND group_value LIKE '%（%'$$,
     '{"Month": "2023-05", "GroupType": "region"}', $$real_total_cost::numeric > 0 AND group_value LIKE '%（%'$$),
    ('bill_summary_business', $$month = '2023-05' AND group_type = 'region' AND business_code = 'p_cvm'$$,
     '{"Month": "2023-05", "GroupType": "region"}', $$business_code = 'p_cvm'$$),
    ('bill_summary_by_pay_mode', $$month = '2023-05' AND pay_mode = 'postPay'$$,
     '{"BeginTime": "2023-05", "EndTime": "2023-05"}', $$pay_mode = 'postPay'$$),
    ('bill_summary_by_pay_mode_detail', $$month = '2023-05' AND action_type <> 'pre_renew'$$,
     '{"BeginTime": "2023-05", "EndTime": "2023-05"}', $$action_type <> 'pre_renew'$$);

INSERT INTO asked_for (tab, condition, sent)
SELECT tab, format('month = %L', month) || CASE WHEN payer IS NULL THEN '' ELSE format(' AND payer_uin = %L', payer) END,
       jsonb_strip_nulls(jsonb_build_object('BeginTime', month, 'EndTime', month, 'PayerUin', payer))
  FROM unnest('{bill_summary_by_pay_mode,bill_summary_by_pay_mode_detail}'::name[]) AS tab,
       unnest('{2023-04,2021-04}'::text[]) AS month,
       unnest('{NULL,100000000001}'::text[]) AS payer;

INSERT INTO asked_for (tab, condition, sent, asked, rest)
SELECT 'bill_resource_summary_for_organization', v.condition, v.sent::jsonb, v.asked::jsonb, coalesce(v.rest, 'true')
  FROM (VALUES
    ($$month = '2023-04'$$, '{"Month": "2023-04"}', NULL, NULL),
    ($$month = '2021-04'$$, '{"Month": "2021-04"}', NULL, NULL),
    ($$month = '2023-04' AND pay_mode = 'prePay'$$, '{"Month": "2023-04", "PayMode": "prePay"}', NULL, NULL),
    ($$month = '2023-04' AND pay_mode = 'postPay'$$, '{"Month": "2023-04", "PayMode": "postPay"}', NULL, NULL),
    -- the parameter does not take this one
    ($$month = '2023-04' AND pay_mode = 'riPay'$$, '{"Month": "2023-04"}', NULL, $$pay_mode = 'riPay'$$),
    ($$month = '2023-04' AND business_code = 'p_cdb'$$, '{"Month": "2023-04", "BusinessCode": "p_cdb"}', NULL, NULL),
    ($$month = '2023-04' AND pay_mode = 'postPay' AND business_code = 'p_rav'$$,
     '{"Month": "2023-04", "PayMode": "postPay", "BusinessCode": "p_rav"}', NULL, NULL),
    ($$month = '2023-04' AND business_code = 'none'$$, '{"Month": "2023-04", "BusinessCode": "none"}', NULL, NULL),
    ($$month = '2023-04' AND action_type = 'Daily pay-as-you-go'$$,
     '{"Month": "2023-04", "ActionType": "Daily pay-as-you-go"}', NULL, NULL),
    ($$month = '2023-04' AND action_type_name = 'Daily settlement'$$,
     '{"Month": "2023-04"}', NULL, $$action_type_name = 'Daily settlement'$$),
    ($$month = '2023-04' AND tag_key = '部门分类' AND tag_value = '广告'$$,
     '{"Month": "2023-04", "TagKey": "部门分类", "TagValue": "广告"}', NULL, NULL),
    ($$month = '2023-04' AND tag_key = 'owner' AND tag_value = 'o''brien'$$,
     '{"Month": "2023-04", "TagKey": "owner", "TagValue": "o''brien"}', NULL, NULL),
    ($$month = '2023-04' AND tag_key = 'cost center' AND tag_value = ' 4711'$$,
     '{"Month": "2023-04", "TagKey": "cost center", "TagValue": " 4711"}', NULL, NULL),
    -- a key alone, or with an empty value, is resolved locally
    ($$month = '2023-04' AND tag_key = 'env' AND tag_value = ''$$,
     '{"Month": "2023-04"}', '{"Month": "2023-04", "TagKey": "env"}', $$tag_value = ''$$),
    ($$month = '2023-04' AND tag_key = 'env'$$, '{"Month": "2023-04"}', '{"Month": "2023-04", "TagKey": "env"}', NULL),
    ($$month = '2023-04' AND tag_key = 'unknown'$$,
     '{"Month": "2023-04"}', '{"Month": "2023-04", "TagKey": "unknown"}', NULL),
    -- and so is everything before the API knew tags
    ($$month = '2020-12' AND tag_key = 'env' AND tag_value = 'prod'$$,
     '{"Month": "2020-12"}', '{"Month": "2020-12", "TagKey": "env"}', $$tag_value = 'prod'$$),
    ($$month = '2021-01' AND tag_key = 'env' AND tag_value = 'prod'$$,
     '{"Month": "2021-01", "TagKey": "env", "TagValue": "prod"}', NULL, NULL)
    ) AS v(condition, sent, asked, rest);

CREATE FUNCTION check_case(c asked_for) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    name text := format('%s WHERE %s: ', c.tab, c.condition);
BEGIN
    TRUNCATE answer;
    PERFORM answer_is(c.tab, sim_dump(action_of(c.tab), c.sent), coalesce(c.asked, c.sent));
    PERFORM sim_start();
    RETURN NEXT same_rows(actual(format('bill.%I', c.tab), c.condition), expected(c.tab, c.rest), name || 'rows');
    RETURN NEXT results_eq($q$SELECT DISTINCT body - '{Offset,Limit,NeedRecordNum}'::text[] FROM sim_bodies() AS body$q$,
                           ARRAY[c.sent], name || 'requests');
END $$;

SELECT sim_start() AS ignored
\gset
SELECT check_case(c) FROM asked_for c ORDER BY n;

-- No comparison above is one of nothing with nothing, but for the one meant to be.
CREATE FUNCTION empty_cases() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    c asked_for;
    found bigint;
BEGIN
    FOR c IN SELECT * FROM asked_for ORDER BY n LOOP
        EXECUTE format('SELECT count(*) FROM bill.%I WHERE %s', c.tab, c.condition) INTO found;
        IF found = 0 THEN
            RETURN NEXT c.condition;
        END IF;
    END LOOP;
END $$;
SELECT results_eq('SELECT empty_cases()', ARRAY[$$month = '2023-04' AND business_code = 'none'$$],
                  'all cases but one have rows');

-- One resource: four lines share three resources, so one has two rows.
SELECT resource_id AS one FROM bill.bill_resource_summary_for_organization WHERE month = '2023-04'
 GROUP BY resource_id ORDER BY count(*) DESC, resource_id LIMIT 1
\gset
INSERT INTO asked_for (tab, condition, sent)
VALUES ('bill_resource_summary_for_organization', format('month = %L AND resource_id = %L', '2023-04', :'one'),
        jsonb_build_object('Month', '2023-04', 'ResourceId', :'one'))
RETURNING n AS last
\gset
SELECT check_case(c) FROM asked_for c WHERE n = :last;
SELECT is(count(*), 2::bigint, 'both rows of a resource')
  FROM bill.bill_resource_summary_for_organization WHERE month = '2023-04' AND resource_id = :'one';

-- ---- several requests in one scan

CREATE FUNCTION months_are(tab name, months text[], params jsonb) RETURNS void LANGUAGE sql AS $$
    TRUNCATE answer;
    SELECT answer_is(tab, sim_dump(action_of(tab), p.one), p.one)
      FROM unnest(months) AS month
     CROSS JOIN LATERAL (SELECT CASE WHEN tab LIKE '%by\_pay\_mode%'
                                     THEN jsonb_build_object('BeginTime', month, 'EndTime', month)
                                     ELSE jsonb_build_object('Month', month) END || params) AS p(one)
$$;

-- of a whole year, and in several ways to say so
CREATE TABLE spans (tab name, condition text, months text[], params jsonb);
INSERT INTO spans VALUES
    ('bill_summary', $$month BETWEEN '2022-11' AND '2023-02' AND group_type = 'region'$$,
     '{2022-11,2022-12,2023-01,2023-02}', '{"GroupType": "region"}'),
    ('bill_summary_business', $$month LIKE '2021-0_' AND group_type = 'payMode'$$,
     '{2021-01,2021-02,2021-03,2021-04,2021-05,2021-06,2021-07,2021-08,2021-09}', '{"GroupType": "payMode"}'),
    ('bill_summary_by_pay_mode', $$month IN ('2023-05', '2021-03', '2023-05')$$, '{2021-03,2023-05}', '{}'),
    ('bill_summary_by_pay_mode_detail', $$(month = '2023-05' OR month < '2018-03')$$, '{2018-01,2018-02,2023-05}', '{}'),
    ('bill_resource_summary_for_organization', $$month >= '2023-05' AND month < '2023-08'$$,
     '{2023-05,2023-06,2023-07}', '{}');
CREATE FUNCTION check_span(s spans) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM months_are(s.tab, s.months, s.params);
    PERFORM sim_start();
    RETURN NEXT same_rows(actual(format('bill.%I', s.tab), s.condition), expected(s.tab),
                       format('%s WHERE %s: rows', s.tab, s.condition));
    RETURN NEXT is(ARRAY(SELECT DISTINCT coalesce(body ->> 'Month', body ->> 'BeginTime') FROM sim_bodies() AS body ORDER BY 1),
                   s.months, format('%s WHERE %s: months', s.tab, s.condition));
END $$;
SELECT check_span(s) FROM spans s;

-- Several values of open parameters: of whatever is sent and whatever not, the
-- rows are those of the month that PostgreSQL's own filter leaves, each once.
CREATE TABLE lists (n serial, condition text, key text, sent jsonb);
INSERT INTO lists (condition, key, sent) VALUES
    ($$pay_mode IN ('postPay', 'prePay', 'postPay')$$, NULL, '[{"PayMode": "prePay"}, {"PayMode": "postPay"}]'),
    ($$pay_mode IN ('prePay', 'riPay')$$, NULL, '[{}]'),
    ($$(pay_mode = 'prePay' OR pay_mode = 'riPay')$$, NULL, '[{}]'),
    ($$pay_mode IN ('prePay', 'postPay') AND business_code = ANY ('{p_cvm,p_cos,none}')$$, NULL,
     '[{"PayMode": "prePay", "BusinessCode": "p_cvm"}, {"PayMode": "prePay", "BusinessCode": "p_cos"},
       {"PayMode": "prePay", "BusinessCode": "none"}, {"PayMode": "postPay", "BusinessCode": "p_cvm"},
       {"PayMode": "postPay", "BusinessCode": "p_cos"}, {"PayMode": "postPay", "BusinessCode": "none"}]'),
    ($$(pay_mode, business_code) IN (('prePay', 'p_cvm'), ('postPay', 'p_cos'))$$, NULL,
     '[{"PayMode": "prePay", "BusinessCode": "p_cvm"}, {"PayMode": "postPay", "BusinessCode": "p_cos"}]'),
    -- more values than are sent one by one
    ($$business_code = ANY (ARRAY['p_cvm', 'p_cdb'] || ARRAY(SELECT 'x' || i FROM generate_series(1, 40) AS i))$$, NULL, '[{}]'),
    ($$tag_value IN ('alice', 'bob')$$, 'owner',
     '[{"TagKey": "owner", "TagValue": "alice"}, {"TagKey": "owner", "TagValue": "bob"}]'),
    ($$tag_value IN ('', 'alice', '王伟')$$, 'owner', '[{}]'),
    ($$tag_value IN ('prod', '') AND pay_mode = 'prePay'$$, 'env', '[{"PayMode": "prePay"}]');
CREATE FUNCTION check_list(l lists, month text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    tab name := 'bill_resource_summary_for_organization';
    condition text := l.condition || CASE WHEN l.key IS NULL THEN '' ELSE format(' AND tag_key = %L', l.key) END;
    name text := format('%s WHERE month = %s AND %s: ', tab, month, condition);
BEGIN
    TRUNCATE answer;
    PERFORM answer_is(tab, sim_dump(action_of(tab), jsonb_build_object('Month', month)),
                      jsonb_strip_nulls(jsonb_build_object('Month', month, 'TagKey', l.key)));
    PERFORM sim_start();
    RETURN NEXT same_rows(actual('bill.' || tab, format('month = %L AND %s', month, condition)), expected(tab, condition),
                          name || 'rows');
    RETURN NEXT isnt((SELECT count(*) FROM want_rows), 0::bigint, name || 'some rows');
    RETURN NEXT set_eq($q$SELECT DISTINCT body - '{Month,Offset,Limit,NeedRecordNum}'::text[] FROM sim_bodies() AS body$q$,
                       ARRAY(SELECT jsonb_array_elements(CASE WHEN l.sent @? '$[*].TagKey' AND month < '2021-01' THEN '[{}]' ELSE l.sent END)),
                       name || 'requests');
END $$;
SELECT check_list(l, month) FROM lists l, unnest('{2023-04,2020-12}'::text[]) AS month ORDER BY n, month;

-- ---- pages

CREATE FUNCTION check_page_size(size int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    tab name := 'bill_resource_summary_for_organization';
BEGIN
    EXECUTE format('ALTER FOREIGN TABLE bill.%I OPTIONS (ADD page_size %L, ADD max_concurrency ''1'')', tab, size);
    PERFORM sim_start('{"rows": 23}');
    PERFORM months_are(tab, '{2023-03,2023-04}', '{}');
    RETURN NEXT same_rows(actual(format('bill.%I', tab), $q$month IN ('2023-03', '2023-04')$q$), expected(tab),
                       format('23 rows of two months in pages of %s', size));
    -- 23 is no multiple but of 1: then all pages are full, and an empty one tells the end
    RETURN NEXT results_eq('SELECT sim_bodies()', format(
        $q$SELECT jsonb_build_object('Month', month, 'Offset', start, 'Limit', %s, 'NeedRecordNum', 1)
             FROM unnest('{2023-04,2023-03}'::text[]) WITH ORDINALITY AS m(month, n), generate_series(0, 23, %s) AS start
            WHERE start < 23 OR %s = 1
            ORDER BY n, start$q$, size, size, size), format('requests for pages of %s, in order', size));
    EXECUTE format('ALTER FOREIGN TABLE bill.%I OPTIONS (DROP page_size, DROP max_concurrency)', tab);
END $$;
SELECT check_page_size(size) FROM generate_series(1, 7) AS size;

-- ---- month as date or timestamp

CREATE SCHEMA bill_date;
CREATE SCHEMA bill_timestamp;
IMPORT FOREIGN SCHEMA billing FROM SERVER api INTO bill_date OPTIONS (month_type 'date');
IMPORT FOREIGN SCHEMA billing FROM SERVER api INTO bill_timestamp OPTIONS (month_type 'timestamp');

CREATE FUNCTION check_month_type(type text, tab name, more text, params jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    name text := format('month as %s: %s', type, tab);
    shown jsonb := jsonb_build_object('date', '2023-04-01', 'timestamp', '2023-04-01 00:00:00') -> type;
BEGIN
    TRUNCATE answer;
    PERFORM answer_is(tab, sim_dump(action_of(tab), params),
                      params || jsonb_build_object('Month', shown, 'BeginTime', shown));
    PERFORM sim_start();
    RETURN NEXT same_rows(actual(format('bill_%s.%I', type, tab),
                              format('month >= %L AND month < %L', '2023-04-01', '2023-05-01') || more),
                       expected(tab), name);
    RETURN NEXT results_eq($q$SELECT DISTINCT body - '{Offset,Limit,NeedRecordNum}'::text[] FROM sim_bodies() AS body$q$,
                           ARRAY[params], name || ': requests');
END $$;
SELECT sim_start() AS ignored
\gset
SELECT check_month_type(type, tab, more, params::jsonb)
  FROM unnest('{date,timestamp}'::text[]) AS type, (VALUES
    ('bill_summary', $$ AND group_type = 'region'$$, '{"Month": "2023-04", "GroupType": "region"}'),
    ('bill_summary_business', $$ AND tag_key = 'env'$$, '{"Month": "2023-04", "GroupType": "tag", "TagKey": ["env"]}'),
    ('bill_summary_by_pay_mode', '', '{"BeginTime": "2023-04", "EndTime": "2023-04"}'),
    ('bill_summary_by_pay_mode_detail', '', '{"BeginTime": "2023-04", "EndTime": "2023-04"}'),
    ('bill_resource_summary_for_organization', $$ AND pay_mode = 'prePay'$$, '{"Month": "2023-04", "PayMode": "prePay"}')
    ) AS v(tab, more, params);

-- ---- sums

-- The month's total from the simulator's rows; what each view of it adds up to.
SELECT sum((r ->> 'RealTotalCost')::numeric)::text AS total
  FROM jsonb_array_elements(sim_dump('DescribeBillResourceSummaryForOrganization', '{"Month": "2023-04"}')) AS r
\gset
SELECT isnt(:'total'::numeric, 0::numeric, 'the month has a cost');

CREATE TABLE sums (name text, query text);
INSERT INTO sums VALUES
    ('resources', $$SELECT 1, real_total_cost FROM bill.bill_resource_summary_for_organization WHERE month = '2023-04'$$),
    ('resources by each of six tag keys',
     $$SELECT tag_key, real_total_cost FROM bill.bill_resource_summary_for_organization
        WHERE month = '2023-04' AND tag_key IN ('env', '部门分类', 'owner', '测试键', 'team', 'cost center')$$),
    ('resources by a known and an unknown key',
     $$SELECT tag_key, real_total_cost FROM bill.bill_resource_summary_for_organization
        WHERE month = '2023-04' AND tag_key = ANY ('{env,unknown}')$$),
    ('groups by each of six tag keys',
     $$SELECT tag_key, real_total_cost FROM bill.bill_summary
        WHERE month = '2023-04' AND tag_key IN ('env', '部门分类', 'owner', '测试键', 'team', 'cost center')$$),
    ('groups of each type',
     $$SELECT group_type, real_total_cost FROM bill.bill_summary
        WHERE month = '2023-04' AND group_type IN ('business', 'region', 'project', 'payMode')$$),
    ('products of groups of each type',
     $$SELECT group_type, real_total_cost FROM bill.bill_summary_business
        WHERE month = '2023-04' AND group_type IN ('region', 'project', 'payMode')$$),
    ('products of groups of a tag key',
     $$SELECT tag_key, real_total_cost FROM bill.bill_summary_business WHERE month = '2023-04' AND tag_key = 'team'$$),
    ('billing modes', $$SELECT 1, real_total_cost FROM bill.bill_summary_by_pay_mode WHERE month = '2023-04'$$),
    ('transaction types', $$SELECT 1, real_total_cost FROM bill.bill_summary_by_pay_mode_detail WHERE month = '2023-04'$$);
CREATE TABLE parts (name text, count int);
INSERT INTO parts VALUES ('resources', 1), ('resources by each of six tag keys', 6),
    ('resources by a known and an unknown key', 2), ('groups by each of six tag keys', 6), ('groups of each type', 4),
    ('products of groups of each type', 3), ('products of groups of a tag key', 1), ('billing modes', 1),
    ('transaction types', 1);
SELECT results_eq(format('SELECT sum(cost)::text FROM (%s) AS s (part, cost) GROUP BY part', query),
                  array_fill(:'total'::text, ARRAY[count]), name || ' add up to the month')
  FROM sums JOIN parts USING (name);

-- Six keys and one request: they ask for the same rows.
SELECT sim_start() AS ignored
\gset
SELECT is(count(*), 6 * 2500::bigint, 'each row once per tag key')
  FROM bill.bill_resource_summary_for_organization
 WHERE month = '2023-04' AND tag_key IN ('env', '部门分类', 'owner', '测试键', 'team', 'cost center');
SELECT bag_eq('SELECT sim_bodies()', $$SELECT jsonb_build_object('Month', '2023-04', 'Offset', start, 'Limit', 1000, 'NeedRecordNum', 1)
                                         FROM generate_series(0, 2000, 1000) AS start$$,
              'fetched once for all of them');

-- ---- currency

ALTER SERVER api OPTIONS (DROP currency);
SELECT results_eq($$SELECT DISTINCT currency FROM bill.bill_summary WHERE month = '2023-04' AND group_type = 'region'$$,
                  ARRAY[NULL::text], 'without the option there is no currency');

SELECT * FROM finish();
