// The update rules for one instruction set and one type T.
//
// A rule is a function from vectors of θ, g and the slots to the new θ, slots changed in place. `LOOP` runs it over the
// arrays; the rest, shorter than a vector, goes through a padded copy.

#define MASK NAME(mask)

// As aligned as an element, and free to alias arrays of them.
typedef BITS MASK __attribute__((vector_size(BYTES)));

INLINE V NAME(choose)(MASK mask, V yes, V no) { return (V)((mask & (MASK)yes) | (~mask & (MASK)no)); }
#define choose NAME(choose)

// −1, 0 or 1; NaN of NaN.
INLINE V NAME(sign_of)(V x) {
    const V zero = {0};
    return choose(x > zero, zero + 1, choose(x < zero, zero - 1, x));
}
#define sign_of NAME(sign_of)

// √x, correctly rounded: the instruction, where `sqrt` would be a call for the sake of `errno`.
#define root __builtin_elementwise_sqrt

// Defines `rule`, a loop with `count` slots over the step that is defined by the function body after it.
#define RULE(rule, constants, slot_count) \
    INLINE V NAME(rule##_at)(const constants k, V x, V g, V *a, V *b, V *c); \
    static void NAME(rule)(const constants *all, const descent_step *step) { \
        const constants k = *all; \
        T *x = step->parameters, *a = step->slots[0], *b = step->slots[1], *c = step->slots[2]; \
        const T *g = step->gradient; \
        const long width = BYTES / sizeof(T), count = step->count; \
        long i = 0; \
        V A = {0}, B = {0}, C = {0}; \
        for (; i + width <= count; i += width) { \
            if (slot_count > 0) A = *(V *)(a + i); \
            if (slot_count > 1) B = *(V *)(b + i); \
            if (slot_count > 2) C = *(V *)(c + i); \
            *(V *)(x + i) = NAME(rule##_at)(k, *(V *)(x + i), *(const V *)(g + i), &A, &B, &C); \
            if (slot_count > 0) *(V *)(a + i) = A; \
            if (slot_count > 1) *(V *)(b + i) = B; \
            if (slot_count > 2) *(V *)(c + i) = C; \
        } \
        const unsigned long rest = (count - i) * sizeof(T); \
        if (rest == 0) return; \
        V X = {0}, G = {0}; \
        A = B = C = X; \
        __builtin_memcpy(&X, x + i, rest); \
        __builtin_memcpy(&G, g + i, rest); \
        if (slot_count > 0) __builtin_memcpy(&A, a + i, rest); \
        if (slot_count > 1) __builtin_memcpy(&B, b + i, rest); \
        if (slot_count > 2) __builtin_memcpy(&C, c + i, rest); \
        X = NAME(rule##_at)(k, X, G, &A, &B, &C); \
        __builtin_memcpy(x + i, &X, rest); \
        if (slot_count > 0) __builtin_memcpy(a + i, &A, rest); \
        if (slot_count > 1) __builtin_memcpy(b + i, &B, rest); \
        if (slot_count > 2) __builtin_memcpy(c + i, &C, rest); \
    } \
    INLINE V NAME(rule##_at)(const constants k, V x, V g, V *a, V *b, V *c)

RULE(momentum, descent_momentum, 1) {
    const V slope = (T)k.sign * g + (T)k.coupled * x;
    *a = (T)k.keep * *a + (T)k.take * slope;
    return x - (T)k.rate * ((T)k.ahead * slope + (T)k.along * *a);
}

RULE(adam, descent_adam, 2) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep1 * *a + (T)k.take1 * slope;
    *b = (T)k.keep2 * *b + (T)k.take2 * slope * slope;
    return (T)k.keep * x - (T)k.rate * *a / (root(*b) * (T)k.shrink + (T)k.epsilon);
}

RULE(amsgrad, descent_adam, 3) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep1 * *a + (T)k.take1 * slope;
    *b = (T)k.keep2 * *b + (T)k.take2 * slope * slope;
    *c = choose(*b > *c, *b, *c);
    return (T)k.keep * x - (T)k.rate * *a / (root(*c) * (T)k.shrink + (T)k.epsilon);
}

RULE(nadam, descent_nadam, 2) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep1 * *a + (T)k.take1 * slope;
    *b = (T)k.keep2 * *b + (T)k.take2 * slope * slope;
    const V push = (T)k.gradient_rate * slope + (T)k.rate * *a;
    return (T)k.keep * x - push / (root(*b) * (T)k.shrink + (T)k.epsilon);
}

RULE(adadelta, descent_adadelta, 2) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep * *a + (T)k.take * slope * slope;
    const V step = root(*b + (T)k.epsilon) / root(*a + (T)k.epsilon) * slope;
    *b = (T)k.keep * *b + (T)k.take * step * step;
    return x - (T)k.rate * step;
}

RULE(schedule_free, descent_schedule_free, 2) {
    *b = (T)k.keep2 * *b + (T)k.take2 * g * g;
    const V slope = g / (root(*b) * (T)k.shrink + (T)k.epsilon) + (T)k.coupled * x;
    const V old = k.is_first ? x : *a;
    *a = old - (T)k.rate * slope;
    return x + ((T)k.share * (old - x) + (T)k.along * slope);
}

RULE(lion, descent_lion, 1) {
    const V step = (T)k.keep * x - (T)k.rate * sign_of((T)k.keep1 * *a + (T)k.take1 * g);
    *a = (T)k.keep2 * *a + (T)k.take2 * g;
    return step;
}

RULE(rprop, descent_rprop, 2) {
    // Signs and not products: the product of two small gradients is zero.
    const V zero = {0}, agreement = sign_of(g) * sign_of(*a);
    const V factor = choose(
        agreement > zero, zero + (T)k.growth, choose(agreement < zero, zero + (T)k.shrink, zero + 1));
    const V stretched = *b * factor, shortest = zero + (T)k.shortest, longest = zero + (T)k.longest;
    *b = choose(stretched < shortest, shortest, choose(stretched > longest, longest, stretched));
    *a = choose(agreement < zero, zero, g);
    return x - sign_of(*a) * *b;
}

// RMSprop in its four forms; the slots are those that the form has, in the order s, a, b.
RULE(rmsprop_plain, descent_rmsprop, 1) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep * *a + (T)k.take * slope * slope;
    return x - (T)k.outer * slope / (root(*a + (T)k.inside) + (T)k.outside);
}

RULE(rmsprop_centered, descent_rmsprop, 2) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep * *a + (T)k.take * slope * slope;
    *b = (T)k.keep * *b + (T)k.take * slope;
    return x - (T)k.outer * slope / (root(*a - *b * *b + (T)k.inside) + (T)k.outside);
}

RULE(rmsprop_momentum, descent_rmsprop, 2) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep * *a + (T)k.take * slope * slope;
    *b = (T)k.momentum * *b + (T)k.inner * slope / (root(*a + (T)k.inside) + (T)k.outside);
    return x - (T)k.outer * *b;
}

RULE(rmsprop_both, descent_rmsprop, 3) {
    const V slope = g + (T)k.coupled * x;
    *a = (T)k.keep * *a + (T)k.take * slope * slope;
    *b = (T)k.keep * *b + (T)k.take * slope;
    *c = (T)k.momentum * *c + (T)k.inner * slope / (root(*a - *b * *b + (T)k.inside) + (T)k.outside);
    return x - (T)k.outer * *c;
}

static void NAME(rmsprop)(const descent_rmsprop *k, const descent_step *step) {
    if (k->centered && k->has_momentum) return NAME(rmsprop_both)(k, step);
    if (k->centered) return NAME(rmsprop_centered)(k, step);
    if (k->has_momentum) return NAME(rmsprop_momentum)(k, step);
    NAME(rmsprop_plain)(k, step);
}

#undef RULE
#undef choose
#undef root
#undef sign_of
#undef MASK
