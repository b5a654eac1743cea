// Loops in C, for what Swift's compiler cannot say: the same loop for several instruction sets, chosen when the program
// runs.
//
// Every function is given the instruction set to use, so that tests can compare them. Unless it says otherwise, the
// results are the same to the bit whichever it is: products and sums are not fused, and square roots and quotients are
// correctly rounded.

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

// MARK: Products with a narrow side

/// A product with at most 16 columns, row-major; strides are distances between rows, in elements.
typedef struct {
    /// Whether the elements are `double`; else they are `float`.
    _Bool is_double;
    /// Whether the product is added to y; else it replaces y.
    _Bool adding;
    /// The rows of y, its columns, and the length of the sums.
    long rows, columns, depth;
    const void *_Nonnull x;
    long x_stride;
    const void *_Nonnull w;
    long w_stride;
    void *_Nonnull y;
    long y_stride;
} descent_product;

/// y ← x w (+ y); x is rows × depth, w is depth × columns.
///
/// Sums use FMA where there is one, so that here, as with BLAS, last bits differ between instruction sets.
void descent_narrow_product(const descent_product *_Nonnull, descent_instructions);

/// y ← xᵀ w (+ y); x is depth × rows, w is depth × columns.
void descent_narrow_transposed_product(const descent_product *_Nonnull, descent_instructions);

// MARK: Products of matrices

/// Consecutive terms of a sum.
typedef struct {
    long start, count;
} descent_stretch;

/// A product of matrices; strides are distances in elements.
typedef struct {
    /// Whether the elements are `double`; else they are `float`.
    _Bool is_double;
    /// Whether the product is added to c; else it replaces c.
    _Bool adding;
    /// The rows and columns of c, and the length of the sums.
    long rows, columns, depth;
    /// a is rows × depth: the distances between rows and between depths, of which one is 1.
    const void *_Nonnull a;
    long a_row, a_depth;
    /// b is depth × columns: the distances between depths and between columns, of which one is 1.
    const void *_Nonnull b;
    long b_depth, b_column;
    /// c is row-major.
    void *_Nonnull c;
    long c_stride;
    /// The terms that count, or null for all; only where depth is at most 4096.
    const descent_stretch *_Nullable stretches;
    long stretch_count;
    /// Room for `descent_matrix_product_room` elements, on a 64-byte boundary.
    void *_Nonnull room;
} descent_matrix_product;

/// The elements that a product needs as room, whatever its shape.
long descent_matrix_product_room(void);

/// c ← a b (+ c).
///
/// An element's sum runs over the depth in an order that follows from the shapes of b and of the depth, not from the
/// number of rows. Sums use FMA where there is one, so that last bits differ between instruction sets.
void descent_multiply(const descent_matrix_product *_Nonnull, descent_instructions);

// MARK: Features that are bytes

/// Bytes x to be turned into numbers (x − shift) factor.
typedef struct {
    /// Whether the numbers are `double`; else they are `float`.
    _Bool is_double;
    /// Whether each byte has a shift and a factor of its own; else the first ones are for all.
    _Bool each_its_own;
    long count;
    const unsigned char *_Nonnull bytes;
    /// Bytes that will be asked for soon, as many, to be brought nearer meanwhile.
    const unsigned char *_Nullable next;
    const void *_Nonnull shift;
    const void *_Nonnull factor;
    void *_Nonnull numbers;
} descent_scaled_bytes;

void descent_scale_bytes(const descent_scaled_bytes *_Nonnull, descent_instructions);

/// Sets bits in each of `differences` for which `row` is not `first`.
void descent_mark_differences(
    const unsigned char *_Nonnull row, const unsigned char *_Nonnull first, unsigned char *_Nonnull differences,
    long count, descent_instructions);

// MARK: Elementary functions of arrays

/// derivative ← 0 where a is not above 0.
void descent_rectify_derivative(
    const void *_Nonnull a, void *_Nonnull derivative, long count, _Bool is_double, descent_instructions);

/// y ← eˣ; y may be x. At most 1.03 ulp off; NaN of NaN, 0 and infinity where the result is beyond the type.
void descent_exponential(
    const void *_Nonnull x, void *_Nonnull y, long count, _Bool is_double, descent_instructions);

/// y ← tanh x; y may be x. At most 3 ulp off.
void descent_hyperbolic_tangent(
    const void *_Nonnull x, void *_Nonnull y, long count, _Bool is_double, descent_instructions);

/// y ← 1 / (1 + e⁻ˣ); y may be x. At most 3 ulp off.
void descent_logistic(
    const void *_Nonnull x, void *_Nonnull y, long count, _Bool is_double, descent_instructions);

// MARK: Least squares

/// Rows of a least-squares problem: features (x − center)·scale, targets (y − center)·scale, and a constant, all of them
/// times the root of the row's weight.
typedef struct {
    long rows, features;
    const double *_Nonnull x;
    long x_stride;
    /// How many numbers may be read from x on.
    long readable;
    /// One for each feature, then zeros up to a multiple of eight.
    const double *_Nonnull centers, *_Nonnull scales;
    long targets;
    const double *_Nonnull y;
    long y_stride;
    const double *_Nonnull target_centers, *_Nonnull target_scales;
    /// A coefficient for each feature, zeros up to a multiple of eight, and one for the constant: what they explain is
    /// subtracted from the target, which is the only one then.
    const double *_Nullable coefficients;
    /// The roots of the weights.
    const double *_Nullable roots;
    _Bool has_constant;
} descent_gram_rows;

/// Packs rows in panels of eight columns: features, targets, constant, zeros.
///
/// - panels: For each panel, eight numbers a row, `room` rows.
void descent_gram_pack(
    const descent_gram_rows *_Nonnull, double *_Nonnull panels, long room, descent_instructions);

/// Adds the Gram matrix of packed rows to sums, in blocks of eight rows and columns: those on the diagonal and to the
/// right of it, row by row of blocks.
///
/// Sums use FMA where there is one. Meanwhile the memory from `ahead` on is fetched into the caches.
void descent_gram_add(
    const double *_Nonnull packed, long rows, long room, long panels, double *_Nonnull sums,
    const void *_Nullable ahead, long ahead_bytes, descent_instructions);

/// Rows of a linear model with residuals r = target_scale·y + offset − x·slopes.
typedef struct {
    long rows, features;
    /// The features, rounded up to a multiple of eight.
    long padded;
    const double *_Nonnull x;
    long x_stride;
    /// How many numbers may be read from x on; they are finite.
    long readable;
    /// `padded` numbers, those beyond the features zero.
    const double *_Nonnull slopes;
    const double *_Nonnull y;
    long y_stride;
    double target_scale, offset;
    const double *_Nullable weights;
} descent_residual_rows;

/// Adds Σ wr, Σ wr², and Σ wrx for each of the `padded` features, to sums; those beyond the features mean nothing.
///
/// Sums use FMA where there is one.
void descent_residual_pass(const descent_residual_rows *_Nonnull, double *_Nonnull sums, descent_instructions);

/// Rows of a linear model with residuals r = target_scale·y + constant + x·slopes in twice the precision of `double`.
typedef struct {
    long rows, features;
    const double *_Nonnull x;
    long x_stride;
    /// Each a number, and a little one beside it.
    const double *_Nonnull slopes, *_Nonnull little_slopes;
    const double *_Nonnull y;
    long y_stride;
    double target_scale, constant, little_constant;
    const double *_Nullable weights;
} descent_precise_residual_rows;

/// Adds Σ wr, Σ wr², and Σ wrx for each feature, to sums of eight numbers and eight little ones.
///
/// - scratch: Eight numbers for each feature.
void descent_precise_residual_pass(
    const descent_precise_residual_rows *_Nonnull, double *_Nonnull scratch, double *_Nonnull sums,
    descent_instructions);

// MARK: Triangles

/// The most columns of `descent_triangle_update`.
#define DESCENT_TRIANGLE_WIDTH 64

/// The triangle R of a QR factorization of a row-major block, by Householder reflections, in the block's first rows.
///
/// The signs are LAPACK's. The other rows of the block stay as they are. `scratch` has room for rows · (width + 7) numbers.
/// Gives false, and has done nothing, where an element is not finite, or a column so large or small that squares could
/// leave the range of the type.
_Bool descent_triangle_update(
    double *_Nonnull block, long rows, long width, double *_Nonnull scratch, descent_instructions);

// MARK: Rows of bytes, and softmax

/// Places are in units of 2 to this many bytes: a processor multiplies by so much while it makes an address.
#define DESCENT_PLACE_SHIFT 3

/// Rows of bytes for products with a few columns: those that are not 0 listed row by row, or, where most are not, the
/// bytes themselves.
///
/// In the products a row of w or g is `1 << shift` bytes long, at least `lanes` elements; there are `columns` of them,
/// one a byte of a row, and one more, for the intercepts. z and d have rows of `lanes` elements.
typedef struct {
    /// Whether values are `double`; else they are `float`.
    _Bool is_double;
    /// Whether the bytes themselves are gone through; found by `descent_pack_bytes`.
    _Bool is_dense;
    /// How many rows, and how many bytes each has.
    long rows, columns;
    /// The first byte of all rows that there are, and the distance between two of them.
    const unsigned char *_Nonnull bytes;
    long stride;
    /// Which rows; where that is null, those from `first` on.
    const int *_Nullable indices;
    long first;
    /// Columns of the products, padded to whole vectors of `descent_vector_bytes`.
    long lanes;
    /// The logarithm to base 2 of the distance between rows of w and g in bytes, at least 4.
    ///
    /// `columns` is at most 2¹⁶ >> (`shift` − `DESCENT_PLACE_SHIFT`), so that every place fits its type.
    unsigned shift;
    /// Whether the lists below are kept, and were packed by an earlier call.
    _Bool is_kept;
    /// Room for values, each not 0, and the places of their rows in w, in units of 8 bytes: `rows` · `columns` · 2/5 +
    /// `columns` + 64 of each.
    void *_Nonnull values;
    unsigned short *_Nonnull places;
    /// Room for `rows` + 1 numbers: where the list of each row begins.
    long *_Nonnull starts;
    /// Room for 8 · `columns` values.
    void *_Nonnull tile;
} descent_packed_bytes;

/// The length of a vector register in bytes.
long descent_vector_bytes(descent_instructions);

/// How many bytes are not 0.
long descent_count_bytes(const unsigned char *_Nonnull, long count);

/// Lists the bytes that are not 0.
void descent_pack_bytes(descent_packed_bytes *_Nonnull, descent_instructions);

/// z ← x w + intercepts, the last row of w.
void descent_packed_product(
    const descent_packed_bytes *_Nonnull, const void *_Nonnull w, void *_Nonnull z, descent_instructions);

/// g ← g + xᵀ d, and the sums of the columns of d added to the last row of g.
void descent_packed_transposed_product(
    const descent_packed_bytes *_Nonnull, const void *_Nonnull d, void *_Nonnull g, descent_instructions);

/// Rows of logits with their classes.
typedef struct {
    _Bool is_double;
    /// Whether logits are replaced by the derivatives of the weighted losses.
    _Bool differentiates;
    /// Rows are `lanes` apart, at least as many as there are classes; what lies behind the classes stays as it is.
    long rows, classes, lanes;
    void *_Nonnull logits;
    const int *_Nonnull labels;
    /// A weight for each row; 1 where that is null.
    const double *_Nullable weights;
    /// A factor on every weight.
    double scale;
} descent_softmax_rows;

/// Σ weight · scale · (log Σₖ exp zₖ − z of the class).
double descent_softmax_loss(const descent_softmax_rows *_Nonnull, descent_instructions);

// MARK: Deflate

/// Decodes a raw deflate stream into exactly `result_size` bytes; false where it does not decode to so many, does not end
/// with its last byte, or is none. What `result` holds then is not defined.
_Bool descent_inflate(const void *_Nonnull compressed, long size, void *_Nonnull result, long result_size);

#endif
