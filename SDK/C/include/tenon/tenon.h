/* The Tenon connector ABI 1.0, release candidate: everything. See the single headers. */
#ifndef TENON_H
#define TENON_H

#include "base.h"
#include "call.h"
#include "entry.h"
#include "instance.h"
#include "action.h"
#include "arrow.h"
#include "records.h"
#include "source.h"
#include "target.h"
#include "log.h"
#include "state.h"

#endif
