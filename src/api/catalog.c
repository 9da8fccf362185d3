/*-------------------------------------------------------------------------
 *
 * catalog.c
 *	  What is in the catalog: look-ups, and what entries share.
 *
 * The entries themselves are in catalog_FAMILY.c.
 *
 * IDENTIFICATION
 *	  src/api/catalog.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog.h"

#include "api/catalog_entries.h"

#include <stddef.h>
#include <string.h>

/* Room for the tables of all families. */
#define MAX_TABLES	100

/* In the order of the documentation. */
static const BfTable *const *const families[] = {
	bf_catalog_bill,
	bf_catalog_organization,
	bf_catalog_account,
	bf_catalog_cost,
	bf_catalog_allocation,
	bf_catalog_budget,
	bf_catalog_usage,
	NULL
};

/* ---------- shared by entries ---------- */

const char *const bf_catalog_group_types[] = {
	"business", "project", "region", "payMode", "tag", NULL
};

const char *const bf_catalog_period_types[] = {"month", "day", NULL};

/* Codes that rows are known to have; see pay_mode_labels. */
const char *const bf_catalog_pay_modes[] = {
	"prePay", "postPay", "riPay", NULL
};

/* Codes that the parameter PayMode takes. */
const char *const bf_catalog_sendable_pay_modes[] = {
	"prePay", "postPay", NULL
};

/* Asks for the total number of rows. */
const BfConstant bf_catalog_need_record_num[] = {
	{"NeedRecordNum", "1"},
	NO_CONSTANT
};

/*
 * Labels in the documented answers of both sites.  Labels are display text:
 * an unknown one gives NULL and a warning, never a guess.
 */
static const BfLabel pay_mode_labels[] = {
	{"Monthly Subscription", "prePay"},
	{"Yearly/monthly subscription", "prePay"},
	{"包年包月", "prePay"},
	{"Pay-As-You-Go", "postPay"},
	{"Pay-As-You-Go resources", "postPay"},
	{"Pay-as-you-go", "postPay"},
	{"按量计费", "postPay"},
	{"Standard RI", "riPay"},
	{"预留实例", "riPay"},
	{NULL, NULL}
};

/* ---------- actions without a table ---------- */

const BfOmission bf_catalog_omissions[] = {
	{"DescribeAccountWarning",
	"Two settings of the alert for a low balance; the vendor's documents do not describe the action."},
	{"DescribeAllocateConditions",
	"Lists of values for the console's filters; the tables themselves hold the values."},
	{"DescribeAllocationBillConditions",
	"Lists of values for the console's filters; the tables themselves hold the values."},
	{"DescribeAllocationTrendByMonth",
	"One cost allocation unit over some months, for a chart of the console; allocation_overview has all units and all months."},
	{"DescribeSavingPlanResourceInfo",
	"Its documented answer is a count without rows."},
	{NULL, NULL}
};

/* ---------- look-ups ---------- */

/*
 * All tables, ended by NULL, in the order of the documentation.  A table
 * beyond MAX_TABLES would be missing; a unit test looks for the last one.
 */
const BfTable *const *
bf_catalog_tables(void)
{
	static const BfTable *tables[MAX_TABLES + 1];
	int			n = 0;

	if (tables[0] != NULL)
		return tables;
	for (int i = 0; families[i] != NULL; i++)
		for (int j = 0; families[i][j] != NULL && n < MAX_TABLES; j++)
			tables[n++] = families[i][j];
	return tables;
}

/*
 * Is the site among those?
 */
bool
bf_catalog_has_site(BfSites sites, BfSite site)
{
	return sites == BF_SITES_BOTH ||
		(sites == BF_SITES_INTL) == (site == BF_SITE_INTL);
}

/*
 * Do months bound what the table holds: those that requests name, or those
 * of a period that they must name?
 */
bool
bf_catalog_has_months(const BfTable *table)
{
	for (const BfParam *param = table->action->params; param->column; param++)
		if (param->domain == BF_DOMAIN_MONTH ||
			(param->domain == BF_DOMAIN_RANGE && param->required))
			return true;
	return false;
}

/*
 * The table of this SQL name, or NULL.
 */
const BfTable *
bf_catalog_find(const char *name)
{
	const BfTable *const *table = bf_catalog_tables();

	for (; *table != NULL; table++)
		if (strcmp((*table)->name, name) == 0)
			return *table;
	return NULL;
}

/*
 * The column of this SQL name, or NULL.
 */
const BfColumn *
bf_catalog_column(const BfTable *table, const char *name)
{
	for (const BfColumn *column = table->columns; column->name; column++)
		if (strcmp(column->name, name) == 0)
			return column;
	return NULL;
}

/*
 * The parameter of the table's action that this SQL column feeds, or NULL.
 */
const BfParam *
bf_catalog_param(const BfTable *table, const char *column)
{
	for (const BfParam *param = table->action->params; param->column; param++)
		if (strcmp(param->column, column) == 0)
			return param;
	return NULL;
}

/*
 * The operator of a condition that chooses one value of a parameter, or the
 * begin of a range.
 */
const char *
bf_catalog_operator(const BfParam *param)
{
	return param->domain == BF_DOMAIN_RANGE ? ">=" : "=";
}

/*
 * Number of parameters of the table's action.
 */
int
bf_catalog_param_count(const BfTable *table)
{
	int			n = 0;

	while (table->action->params[n].column != NULL)
		n++;
	return n;
}

/*
 * The billing mode code of a label of either site, or NULL for a label that
 * is not known.
 */
const char *
bf_catalog_pay_mode(const char *label)
{
	for (const BfLabel *known = pay_mode_labels; known->label; known++)
		if (strcmp(known->label, label) == 0)
			return known->code;
	return NULL;
}

/*
 * All known labels of billing modes, ended by label == NULL.
 */
const BfLabel *
bf_catalog_pay_mode_labels(void)
{
	return pay_mode_labels;
}

/*
 * Why this value of a closed parameter has no rows in this table, as a hint
 * for the user; NULL when it has.
 */
const char *
bf_catalog_excluded(const BfTable *table, const char *column,
					const char *value)
{
	const char *const *entry = table->excluded;

	for (; entry != NULL && *entry != NULL; entry += 3)
		if (strcmp(entry[0], column) == 0 && strcmp(entry[1], value) == 0)
			return entry[2];
	return NULL;
}
