/*-------------------------------------------------------------------------
 *
 * auth.h
 *	  Verifies who sent a request: TC3-HMAC-SHA256.
 *
 * IDENTIFICATION
 *	  test/sim/auth.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef SIM_AUTH_H
#define SIM_AUTH_H

#include "request.h"

extern bool sim_auth_add_secret(const char *text);
extern bool sim_auth_has_secrets(void);
extern bool sim_auth_check(const SimRequest *rq, int64_t now,
						   const char **secret_id, SimError *error);

#endif							/* SIM_AUTH_H */
