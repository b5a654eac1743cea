// Loops in C, for what Swift's compiler cannot say: the same loop for several instruction sets, chosen when the program
// runs.
//
// Every function is given the instruction set to use, so that tests can compare them. The results are the same to the
// bit whichever it is: products and sums are never fused, and square roots and quotients are correctly rounded.

#ifndef DESCENT_KERNELS_H
#define DESCENT_KERNELS_H

/// The instruction sets that the loops are compiled for, each including those before it.
typedef enum {
    /// What every processor of the architecture has: SSE2 on x86-64, NEON on AArch64.
    descent_baseline = 0,
    /// AVX2 and FMA.
    descent_avx2 = 1,
    /// AVX-512 with its F, BW, DQ and VL parts.
    descent_avx512 = 2,
} descent_instructions;

/// The largest instruction set that this processor has, and the system saves the registers of.
descent_instructions descent_best_instructions(void);

// MARK: Update rules

/// The vectors of an update rule's step, all of one length and one type.
typedef struct {
    /// The number of elements of each vector.
    long count;
    /// Whether the elements are `double`; else they are `float`.
    _Bool is_double;
    /// The parameters θ.
    void *_Nonnull parameters;
    /// The gradient g at θ.
    const void *_Nonnull gradient;
    /// The rule's slots, as many as it has.
    void *_Nullable slots[3];
} descent_step;

/// SGD with a velocity b: d = g + λθ, b ← keep b + take d, θ ← θ − rate (ahead d + along b).
typedef struct {
    double rate, sign, coupled, keep, take, ahead, along;
} descent_momentum;

/// Adam with moments m, v and, for AMSGrad, the largest v:
/// d = g + λθ, m ← keep1 m + take1 d, v ← keep2 v + take2 d², θ ← keep θ − rate m / (√v shrink + ε).
typedef struct {
    double rate, keep, coupled, keep1, take1, keep2, take2, shrink, epsilon;
} descent_adam;

/// NAdam: Adam with (gradient_rate d + rate m) over the root.
typedef struct {
    double rate, gradient_rate, keep, coupled, keep1, take1, keep2, take2, shrink, epsilon;
} descent_nadam;

/// RMSprop with s, the average a where centred, and the velocity b with momentum:
/// d = g + λθ, s ← keep s + take d², b ← μ b + inner d / (√(s − a² + inside) + outside), θ ← θ − outer b.
/// Adagrad is the same with keep = take = 1.
typedef struct {
    double inner, outer, coupled, keep, take, inside, outside, momentum;
    _Bool centered, has_momentum;
} descent_rmsprop;

/// Adadelta with averages s of squared gradients and u of squared steps.
typedef struct {
    double rate, coupled, keep, take, epsilon;
} descent_adadelta;

/// Schedule-free AdamW with z and v; the parameters are y. In the first step z is taken to be y.
typedef struct {
    double rate, share, along, coupled, keep2, take2, shrink, epsilon;
    _Bool is_first;
} descent_schedule_free;

/// Lion with the average m: θ ← keep θ − rate sign(keep1 m + take1 g), m ← keep2 m + take2 g.
typedef struct {
    double rate, keep, keep1, take1, keep2, take2;
} descent_lion;

/// Rprop with the gradient before and the steps' lengths.
typedef struct {
    double shrink, growth, shortest, longest;
} descent_rprop;

void descent_momentum_step(
    const descent_momentum *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_adam_step(const descent_adam *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_amsgrad_step(const descent_adam *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_nadam_step(const descent_nadam *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_rmsprop_step(
    const descent_rmsprop *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_adadelta_step(
    const descent_adadelta *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_schedule_free_step(
    const descent_schedule_free *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_lion_step(const descent_lion *_Nonnull, const descent_step *_Nonnull, descent_instructions);
void descent_rprop_step(const descent_rprop *_Nonnull, const descent_step *_Nonnull, descent_instructions);

#endif
