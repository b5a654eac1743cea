// The update rules' loops for every instruction set and both types, and the choice between them.

#define BODY "update_rules_of_type.h"
#include "every_instruction_set.h"

#define ENTRY(rule, constants) \
    void descent_##rule##_step( \
        const constants *c, const descent_step *s, descent_instructions instructions) { \
        CHOOSE(rule, s->is_double, c, s) \
    }

ENTRY(momentum, descent_momentum)
ENTRY(adam, descent_adam)
ENTRY(amsgrad, descent_adam)
ENTRY(nadam, descent_nadam)
ENTRY(adadelta, descent_adadelta)
ENTRY(schedule_free, descent_schedule_free)
ENTRY(rmsprop, descent_rmsprop)
ENTRY(lion, descent_lion)
ENTRY(rprop, descent_rprop)
