/*-------------------------------------------------------------------------
 *
 * catalog_budget.c
 *	  Tables of budgets, their changes and reminders.
 *
 * IDENTIFICATION
 *	  src/api/catalog_budget.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog_entries.h"

#include <stddef.h>

/* ---------- DescribeBudget ---------- */

static const char *const budget_budget_statuses[] = {
	"EXPIRED", "ACTIVE", "UNACTIVATED", "ACTIVATED", NULL
};

static const char *const budget_sendable_budget_statuses[] = {
	"EXPIRED", "ACTIVE", "ACTIVATED", NULL
};

static const char *const budget_cycle_types[] = {
	"DAY", "MONTH", "QUARTER", "YEAR", NULL
};

static const BfParam budget_params[] = {
	OPEN_PARAM("budget_id", "BudgetId", "1963509727611473921"),
	OPEN_PARAM("budget_name", "BudgetName", "monthly"),
	OPEN_PARAM("budget_status", "BudgetStatus", "ACTIVE",
			   .values = budget_budget_statuses,
			   .sendable = budget_sendable_budget_statuses),
	ARRAY_PARAM("cycle_type", "CycleTypes", "MONTH",
				.values = budget_cycle_types),
	NO_PARAM
};

static const BfAction budget_action = {
	.name = "DescribeBudget",
	.does = "read the budgets",
	.params = budget_params,
	.rows = "Data.Records",
	.status = "Code",
	.status_text = "Message",
	.paging = BF_PAGING_NUMBER,
	.page_member = "PageNo",
	.size_member = "PageSize",
	.first_page = 1,
	/* No maximum is documented; this is the size of the documented samples. */
	.max_page = 10,
	.total = "Data.Total",
};

static const BfColumn budget_columns[] = {
	COLUMN("budget_id", TEXT, ROW, "BudgetId",
		   "budget id"),
	COLUMN("budget_name", TEXT, ROW, "BudgetName",
		   "name of the budget"),
	COLUMN("budget_status", TEXT, ROW, "BudgetStatus",
		   "EXPIRED, ACTIVE, UNACTIVATED or ACTIVATED"),
	COLUMN("payer_uin", BIGINT, ROW, "PayerUin",
		   "account that pays"),
	COLUMN("cycle_type", TEXT, ROW, "CycleType",
		   "cycle of the budget: DAY, MONTH, QUARTER or YEAR"),
	COLUMN("plan_type", TEXT, ROW, "PlanType",
		   "FIX = one limit, CYCLE = a limit per period"),
	COLUMN("period_begin", TEXT, ROW, "PeriodBegin",
		   "first day or month of the budget, as the API returns it"),
	COLUMN("period_end", TEXT, ROW, "PeriodEnd",
		   "last day or month of the budget, as the API returns it"),
	COLUMN("cur_date_desc", TEXT, ROW, "CurDateDesc",
		   "current period of the budget"),
	AMOUNT("budget_quota", ROW, "BudgetQuota",
		   "limit; its unit is unknown where dimensions is USAGE"),
	COLUMN("budget_quota_json", JSONB, ROW, "BudgetQuotaJson",
		   "limits per period, as sent, where they differ: DateDesc and Quota"),
	AMOUNT("real_cost", ROW, "RealCost",
		   "actual cost of the current period so far"),
	COLUMN("budget_progress", NUMERIC, ROW, "BudgetProgress",
		   "part of the limit that is spent; the unit is unknown"),
	COLUMN("money_status", BIGINT, ROW, "MoneyStatus",
		   "1 = within the budget, 2 = over it"),
	COLUMN("has_forecast", TEXT, ROW, "HasForecast",
		   "NO_FORECAST, FORECAST_NO_DATA or FORECAST_HAS_DATA; seen as 1"),
	AMOUNT("forecast_cost", ROW, "ForecastCost",
		   "forecast of the cost"),
	COLUMN("forecast_progress", NUMERIC, ROW, "ForecastProgress",
		   "forecast of the part of the limit that is spent; the unit is unknown"),
	COLUMN("bill_type", TEXT, ROW, "BillType",
		   "BILL or CONSUMPTION"),
	COLUMN("fee_type", TEXT, ROW, "FeeType",
		   "COST, REAL_COST, CASH, INCENTIVE, VOUCHER, TRANSFER, TAX or AMOUNT_BEFORE_TAX"),
	COLUMN("dimensions", TEXT, ROW, "Dimensions",
		   "what is limited: COST, USAGE, RI or SP"),
	COLUMN("dimensions_range", JSONB, ROW, "DimensionsRange",
		   "filters of the budget, as sent"),
	COLUMN("warn_json", JSONB, ROW, "WarnJson",
		   "threshold alerts, as sent"),
	COLUMN("wave_threshold_json", JSONB, ROW, "WaveThresholdJson",
		   "fluctuation alerts, as sent"),
	COLUMN("remind_times", BIGINT, ROW, "RemindTimes",
		   "number of reminders sent"),
	COLUMN("budget_send_info_form", JSONB, ROW, "BudgetSendInfoForm",
		   "notification settings, as sent"),
	COLUMN("send_detail", TEXT, ROW, "SendDetail",
		   "custom receivers as text"),
	COLUMN("default_mode", BIGINT, ROW, "DefaultMode",
		   "0 = reminders go to the default account"),
	COLUMN("template_type", TEXT, ROW, "TemplateType",
		   "template: CUS, ZERO_COST or BY_MONTH"),
	COLUMN("budget_note", TEXT, ROW, "BudgetNote",
		   "remark"),
	COLUMN("create_time", TIMESTAMP, ROW, "CreateTime",
		   "when the budget was created"),
	COLUMN("update_time", TIMESTAMP, ROW, "UpdateTime",
		   "last change"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable budget_table = {
	.name = "budget",
	.family = "budget",
	.action = &budget_action,
	.columns = budget_columns,
	.rows_per_request = 10,
	.grain = "One row per budget, now.",
	.caution = "Budgets overlap: neither limits nor costs of several budgets must be summed.",
};

/* ---------- DescribeBudgetOperationLog ---------- */

static const BfParam budget_operation_log_params[] = {
	OPEN_PARAM("budget_id", "BudgetId", "1963509727611473921",
			   .required = true),
	NO_PARAM
};

static const BfAction budget_operation_log_action = {
	.name = "DescribeBudgetOperationLog",
	.does = "read the changes of a budget",
	.params = budget_operation_log_params,
	.rows = "Data.Records",
	.status = "Code",
	.status_text = "Message",
	.paging = BF_PAGING_NUMBER,
	.page_member = "PageNo",
	.size_member = "PageSize",
	.first_page = 1,
	/* No maximum is documented; this is the size of the documented samples. */
	.max_page = 10,
	.total = "Data.Total",
};

static const BfColumn budget_operation_log_columns[] = {
	COLUMN("budget_id", TEXT, ROW, "BudgetId",
		   "budget id"),
	COLUMN("action", TEXT, ROW, "Action",
		   "kind of change: ADD, UPDATE or DELETE"),
	COLUMN("diff_value", JSONB, ROW, "DiffValue",
		   "changed properties, as sent: Property, Before, After"),
	COLUMN("operation_channel", TEXT, ROW, "OperationChannel",
		   "where the budget was changed: CONSOLE or API; localized labels were seen"),
	COLUMN("payer_uin", BIGINT, ROW, "PayerUin",
		   "account that pays"),
	COLUMN("owner_uin", BIGINT, ROW, "OwnerUin",
		   "account that owns the budget"),
	COLUMN("operate_uin", BIGINT, ROW, "OperateUin",
		   "account or role that made the change"),
	COLUMN("bill_month", TEXT, ROW, "BillMonth",
		   "month of the change as the API returns it, seen as YYYY-MM-01 00:00:00"),
	COLUMN("bill_day", BIGINT, ROW, "BillDay",
		   "day of the change as a number, YYYYMMDD"),
	COLUMN("create_time", TIMESTAMP, ROW, "CreateTime",
		   "creation time"),
	COLUMN("update_time", TIMESTAMP, ROW, "UpdateTime",
		   "last change"),
	NO_COLUMN
};

static const BfTable budget_operation_log_table = {
	.name = "budget_operation_log",
	.family = "budget",
	.action = &budget_operation_log_action,
	.columns = budget_operation_log_columns,
	.rows_per_request = 10,
	.grain = "One row per change of a budget.",
	.caution = "The table holds no amounts.",
};

/* ---------- DescribeBudgetRemindRecordList ---------- */

static const BfParam budget_remind_record_list_params[] = {
	OPEN_PARAM("budget_id", "BudgetId", "1963509727611473921",
			   .required = true),
	NO_PARAM
};

static const BfAction budget_remind_record_list_action = {
	.name = "DescribeBudgetRemindRecordList",
	.does = "read the reminders of a budget",
	.params = budget_remind_record_list_params,
	.rows = "Data.Records",
	.status = "Code",
	.status_text = "Message",
	.paging = BF_PAGING_NUMBER,
	.page_member = "PageNo",
	.size_member = "PageSize",
	.first_page = 1,
	/* No maximum is documented; this is the size of the documented samples. */
	.max_page = 10,
	.total = "Data.Total",
};

static const BfColumn budget_remind_record_list_columns[] = {
	COLUMN("budget_id", TEXT, REQUEST, NULL,
		   "budget asked for"),
	COLUMN("alarm_type", TEXT, ROW, "AlarmType",
		   "BUDGET = budget reminder, WAVE = fluctuation alert"),
	COLUMN("date_desc", TEXT, ROW, "DateDesc",
		   "period as the console shows it"),
	AMOUNT("real_cost", ROW, "RealCost",
		   "cost when the reminder was sent, after discount"),
	AMOUNT("budget_quota", ROW, "BudgetQuota",
		   "limit of the budget"),
	COLUMN("message_content", TEXT, ROW, "MessageContent",
		   "text of the reminder"),
	COLUMN("send_time", BIGINT, ROW, "SendTime",
		   "when the reminder was sent",
		   .unit = "milliseconds since 1970-01-01 UTC"),
	COLUMN("create_time", BIGINT, ROW, "CreateTime",
		   "when the reminder was created",
		   .unit = "milliseconds since 1970-01-01 UTC"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable budget_remind_record_list_table = {
	.name = "budget_remind_record_list",
	.family = "budget",
	.action = &budget_remind_record_list_action,
	.columns = budget_remind_record_list_columns,
	.rows_per_request = 10,
	.grain = "One row per reminder of a budget.",
	.caution = "Columns real_cost and budget_quota are states when the reminder was sent and must not be summed.",
};

const BfTable *const bf_catalog_budget[] = {
	&budget_table,
	&budget_operation_log_table,
	&budget_remind_record_list_table,
	NULL
};
