#include "elementwise.h"

#include "processors.h"

// The polynomials are minimax approximations (Remez' exchange, in 50 digits). Above each stands the
// function that it approximates and, last, the largest error relative to what it is used for.

static const double PI = 0x1.921fb54442d18p+1;
// pi - PI
static const double PI_REST = 0x1.1a62633145c07p-53;

// (arcsin(sqrt z) / sqrt z - 1) / z, 0 <= z <= 1/4; 2^-59. Even and odd powers are summed separately: two
// independent chains, each half as long, keep the processor busier than one.
INLINE double arcsin_polynomial(double z) {
    double y = z * z;
    double even = 0x1.0bb07834d7763p-5;
    double odd = -0x1.5954dd5cea40fp-6;
    even = even * y + 0x1.649301bf9c8c5p-6;
    odd = odd * y + 0x1.e2bd39f2c1be8p-9;
    even = even * y + 0x1.61740f22dd759p-7;
    odd = odd * y + 0x1.757b743ac1a1ep-7;
    even = even * y + 0x1.ca20cee391f83p-7;
    odd = odd * y + 0x1.1c49e2b140f65p-6;
    even = even * y + 0x1.6e8bdfa713e7ap-6;
    odd = odd * y + 0x1.f1c71a8dbc924p-6;
    even = even * y + 0x1.6db6db7226208p-5;
    odd = odd * y + 0x1.333333332df7cp-4;
    even = even * y + 0x1.5555555555578p-3;
    return even + odd * z;
}

// arcsin of a small argument: of |x| itself up to 1/2, beyond of sqrt((1 - |x|)/2), where
// arccos |x| is twice that.
typedef struct {
    double value;
    int is_large;
} half_angle;

INLINE half_angle half_arcsin(double x) {
    double a = __builtin_elementwise_abs(x);
    int is_large = a > 0.5;
    double z = is_large ? 0.5 - 0.5 * a : a * a;
    double root = __builtin_elementwise_sqrt(z);
    double s = is_large ? root : a;
    return (half_angle){s + s * z * arcsin_polynomial(z), is_large};
}


INLINE double arcsin(double x) {
    half_angle half = half_arcsin(x);
    double large = PI / 2 - (2 * half.value - PI_REST / 2);
    double magnitude = half.is_large ? large : half.value;
    return x < 0 ? -magnitude : magnitude;
}

INLINE double from_bits(uint64_t bits) {
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE uint64_t to_bits(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

// ln x of a normal positive x: with x = 2^k m, sqrt(1/2) <= m < sqrt 2, and s = (m - 1)/(m + 1),
// ln m = 2 s + s^3 L(s^2).
INLINE double logarithm(double x) {
    const uint64_t root_of_half = 0x3fe6a09e667f3bcd;
    uint64_t offset = to_bits(x) - root_of_half;
    int64_t k = (int64_t)offset >> 52;
    double m = from_bits(to_bits(x) - ((uint64_t)k << 52));
    // An integer below 2^51 as a double, without an instruction that only AVX-512 has.
    double exponent = from_bits((uint64_t)(k + 0x4338000000000000)) - 0x1.8p52;
    double f = m - 1;
    double s = f / (m + 1);
    double z = s * s;
    // (ln((1 + s)/(1 - s)) / s - 2) / z, z = s^2, up to ((sqrt 2 - 1)/(sqrt 2 + 1))^2; 2^-66
    double p = 0x1.0f623da58b42ep-3;
    p = p * z + 0x1.0f5ce04b7653fp-3;
    p = p * z + 0x1.3b20aa87ef03fp-3;
    p = p * z + 0x1.745cde3ba3b50p-3;
    p = p * z + 0x1.c71c7258ea701p-3;
    p = p * z + 0x1.249249242b519p-2;
    p = p * z + 0x1.9999999999dfep-2;
    p = p * z + 0x1.5555555555555p-1;
    // 2 s = f - s f, so ln m = f - (f^2/2 - s (f^2/2 + z L)), whose first term is exact.
    double half_square = 0.5 * f * f;
    const double ln2_high = 0x1.62e42fee00000p-1;
    const double ln2_low = 0x1.a39ef35793c76p-33;
    return exponent * ln2_high -
           ((half_square - (s * (half_square + z * p) + exponent * ln2_low)) - f);
}

// sin(pi x) and cos(pi x) for |x| < 2^50: x = q/2 + r, |r| <= 1/4.
typedef struct {
    double sine;
    double cosine;
} circle_point;

INLINE circle_point circle(double x) {
    double shifted = x * 2 + 0x1.8p52;
    uint64_t q = to_bits(shifted);
    double r = x - (shifted - 0x1.8p52) * 0.5;
    double z = r * r;
    // sin(pi r) / r, z = r^2; 2^-68
    double p = -0x1.6c5b939642e89p-16;
    p = p * z + 0x1.e8eed159a72d2p-12;
    p = p * z - 0x1.e3074b502dd6dp-8;
    p = p * z + 0x1.50783485cc005p-4;
    p = p * z - 0x1.32d2cce62ac24p-1;
    p = p * z + 0x1.466bc6775aad9p+1;
    p = p * z - 0x1.4abbce625be53p+2;
    double s = r * PI + r * (z * p + PI_REST);
    // (cos(pi r) - 1) / z; 2^-64
    double c = -0x1.b26fe86abf9f7p-14;
    c = c * z + 0x1.f9cc6acff3cc6p-10;
    c = c * z - 0x1.a6d1ecb740509p-6;
    c = c * z + 0x1.e1f50683b42d0p-3;
    c = c * z - 0x1.55d3c7e3c95bcp+0;
    c = c * z + 0x1.03c1f081b5ab0p+2;
    c = c * z - 0x1.3bd3cc9be45dep+2;
    c = c * z + 1;
    double sine = q & 1 ? c : s;
    double cosine = q & 1 ? s : c;
    return (circle_point){
        from_bits(to_bits(sine) ^ ((q & 2) << 62)),
        from_bits(to_bits(cosine) ^ (((q + 1) & 2) << 62)),
    };
}

// e^x for x <= 0; 0 below -708.
INLINE double exponential(double x) {
    double bounded = x < -708 ? -708 : x;
    double shifted = bounded * 0x1.71547652b82fep+0 + 0x1.8p52;
    double k = shifted - 0x1.8p52;
    double r = (bounded - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
    // (e^r - 1 - r) / r^2, |r| <= ln 2 / 2; 2^-62
    double p = 0x1.1f8b94e16636ep-29;
    p = p * r + 0x1.af4e55f28192cp-26;
    p = p * r + 0x1.27e4cca2a0ab5p-22;
    p = p * r + 0x1.71de01fd60961p-19;
    p = p * r + 0x1.a01a01ad0cf62p-16;
    p = p * r + 0x1.a01a01abf87d2p-13;
    p = p * r + 0x1.6c16c16c151cap-10;
    p = p * r + 0x1.11111111100bdp-7;
    p = p * r + 0x1.5555555555558p-5;
    p = p * r + 0x1.5555555555557p-3;
    p = p * r + 0.5;
    double power = from_bits((to_bits(shifted) + 1023) << 52);
    double value = (1 + (r + r * r * p)) * power;
    return x < -708 ? 0 : value;
}

// erf x: by its own polynomial up to 1, beyond as 1 - e^(-x^2) Q/x.
INLINE double error_function(double x) {
    double a = __builtin_elementwise_abs(x);
    double z = a * a;
    double near = z < 1 ? z : 1;
    // erf(x) / x, z = x^2 <= 1; 2^-63
    double p = 0x1.062774aa347ddp-34;
    p = p * near - 0x1.38ac2bcb6ff32p-30;
    p = p * near + 0x1.f7b9a036e7213p-27;
    p = p * near - 0x1.5f1f4134f46bdp-23;
    p = p * near + 0x1.b9df3062997d3p-20;
    p = p * near - 0x1.f4d1e4351d21ap-17;
    p = p * near + 0x1.f9a321e4bc14fp-14;
    p = p * near - 0x1.c02db3db4989dp-11;
    p = p * near + 0x1.565bcd0dbd922p-8;
    p = p * near - 0x1.b82ce31284f38p-6;
    p = p * near + 0x1.ce2f21a042b34p-4;
    p = p * near - 0x1.812746b0379e6p-2;
    p = p * near + 0x1.20dd750429b6dp+0;
    double far = a < 1 ? 1 : a > 6 ? 6 : a;
    double t = (far - 2) / (far + 2);
    // x e^(x^2) erfc(x), t = (x - 2)/(x + 2), 1 <= x <= 6; 2^-68
    double e = -0x1.ca8d29d51c98fp-21;
    e = e * t - 0x1.29ef56b3385bep-17;
    e = e * t - 0x1.37989e3b941ccp-16;
    e = e * t + 0x1.aa7216e2887b4p-18;
    e = e * t + 0x1.76917bad55d06p-14;
    e = e * t + 0x1.77043e421095bp-14;
    e = e * t - 0x1.499f431a3232cp-12;
    e = e * t - 0x1.89500fc1e3294p-11;
    e = e * t + 0x1.2758be01eaeb2p-10;
    e = e * t + 0x1.399546d72cbbep-8;
    e = e * t - 0x1.ec8d2aaf13863p-8;
    e = e * t - 0x1.dac006bb14a6fp-6;
    e = e * t + 0x1.f1b9a3c942eb6p-4;
    e = e * t - 0x1.a1791e43ece75p-3;
    e = e * t + 0x1.5672b9ea13de6p-3;
    e = e * t + 0x1.058671b52c776p-1;
    double tail = 1 - exponential(-far * far) * e / far;
    double magnitude = a < 1 ? a * p : tail;
    double value = x < 0 ? -magnitude : magnitude;
    return x == x ? value : x;
}

FOR_EACH_PROCESSOR
void elementwise_relu_layer(const double *s, double *next, double *k, const double *rows,
                            const double *inverses, double column, double factor, double bias,
                            size_t count) {
    double inverse = 1 / column;
    double column_factor = factor * column;
    // Four vectors at a time: independent operations keep the processor busy.
    _Pragma("clang loop vectorize(assume_safety) interleave_count(4)")
    for (size_t i = 0; i < count; i++) {
        double quotient = s[i] * (inverses[i] * inverse);
        double magnitude = __builtin_elementwise_abs(quotient);
        // Where 1 - c^2 <= 2^-48 its digits are only rounding errors, so c counts as 1: duplicates of a
        // sample must get equal entries. So does the NaN of an all-zero input without bias, which counts as
        // parallel to every input.
        double a = magnitude < 1 - 0x1p-49 ? magnitude : 1;
        double c = __builtin_copysign(a, quotient);
        double sine = __builtin_elementwise_sqrt(1 - a * a);
        // pi - arccos c, to an ulp, in few operations.
        half_angle half = half_arcsin(a);
        double w = __builtin_copysign(half.value, quotient);
        double pole = PI / 2 + __builtin_copysign(PI / 2, quotient);
        double complement = half.is_large ? pole - 2 * w : PI / 2 + w;
        double sum = rows[i] * column_factor * (sine + complement * c) + bias;
        k[i] = sum + k[i] * (factor * complement);
        next[i] = sum;
    }
}

FOR_EACH_PROCESSOR
void elementwise_erf_layer(const double *s, double *next, double *k, const double *rows,
                           double column, double factor, double bias, size_t count) {
    _Pragma("clang loop vectorize(assume_safety)")
    for (size_t i = 0; i < count; i++) {
        double scale = rows[i] * column;
        double twice = 2 * s[i];
        double derivative =
            2 * factor / __builtin_elementwise_sqrt(scale * scale - twice * twice);
        double quotient = twice / scale;
        double bounded = quotient < -1 ? -1 : quotient > 1 ? 1 : quotient;
        double sum = factor * arcsin(bounded) + bias;
        k[i] = sum + k[i] * derivative;
        next[i] = sum;
    }
}

// The state of Philox4x64 and its key.
typedef struct {
    uint64_t x0, x1, x2, x3, k0, k1;
} philox;

typedef struct {
    uint64_t high, low;
} product;

// The whole 128-bit product, put together from products of 32-bit halves: vectors have no other.
INLINE product multiply_halves(uint64_t a, uint64_t b) {
    uint64_t low = (uint32_t)a, high = a >> 32;
    uint64_t lowest = low * (uint32_t)b;
    uint64_t middle = low * (b >> 32) + (lowest >> 32);
    uint64_t other = high * (uint32_t)b + (uint32_t)middle;
    return (product){
        high * (b >> 32) + (middle >> 32) + (other >> 32),
        other << 32 | (uint32_t)lowest,
    };
}

INLINE product multiply_whole(uint64_t a, uint64_t b) {
    unsigned __int128 whole = (unsigned __int128)a * b;
    return (product){(uint64_t)(whole >> 64), (uint64_t)whole};
}

INLINE philox philox_round(philox s, product first, product second) {
    return (philox){
        second.high ^ s.x1 ^ s.k0, second.low, first.high ^ s.x3 ^ s.k1, first.low,
        s.k0 + 0x9e3779b97f4a7c15, s.k1 + 0xbb67ae8584caa73b,
    };
}

#define PHILOX_WORDS(multiply)                                                  \
    for (size_t i = 0; i < blocks; i++) {                                       \
        philox s = {first + i, 0, 0, 0, key0, key1};                            \
        _Pragma("clang loop unroll(full)") for (int round = 0; round < 10; round++) \
            s = philox_round(s, multiply(s.x0, 0xd2e7470ee14c6c93),             \
                             multiply(s.x2, 0xca5a826395121157));               \
        words[4 * i] = s.x0;                                                    \
        words[4 * i + 1] = s.x1;                                                \
        words[4 * i + 2] = s.x2;                                                \
        words[4 * i + 3] = s.x3;                                                \
    }

// Only for AVX-512: with narrower vectors this is slower than `multiply_whole`.
__attribute__((target("arch=x86-64-v4"))) static void
words_by_halves(uint64_t key0, uint64_t key1, uint64_t first, uint64_t *restrict words,
                size_t blocks) {
    PHILOX_WORDS(multiply_halves)
}

void elementwise_philox(uint64_t key0, uint64_t key1, uint64_t first, uint64_t *restrict words,
                        size_t blocks) {
    if (__builtin_cpu_supports("x86-64-v4"))
        return words_by_halves(key0, key1, first, words, blocks);
    PHILOX_WORDS(multiply_whole)
}

FOR_EACH_PROCESSOR
void elementwise_normals(const uint64_t *restrict words, double *restrict normals, size_t pairs) {
    for (size_t i = 0; i < pairs; i++) {
        // 53 bits as a double in [0, 1), exactly: the high and the low 32 bits are converted separately.
        uint64_t first = (words[2 * i] >> 11) + 1;
        uint64_t second = words[2 * i + 1] >> 11;
        double u1 = ((from_bits(0x4530000000000000 | first >> 32) - 0x1p84) +
                     (from_bits(0x4330000000000000 | (first & 0xffffffff)) - 0x1p52)) *
                    0x1p-53;
        double u2 = ((from_bits(0x4530000000000000 | second >> 32) - 0x1p84) +
                     (from_bits(0x4330000000000000 | (second & 0xffffffff)) - 0x1p52)) *
                    0x1p-53;
        double radius = __builtin_elementwise_sqrt(-2 * logarithm(u1));
        circle_point direction = circle(2 * u2);
        normals[2 * i] = radius * direction.cosine;
        normals[2 * i + 1] = radius * direction.sine;
    }
}

FOR_EACH_PROCESSOR
void elementwise_erf(const double *x, double *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = error_function(x[i]);
}

FOR_EACH_PROCESSOR
void elementwise_times_gaussian(const double *restrict x, double *restrict y, double scale,
                                size_t count) {
    for (size_t i = 0; i < count; i++) y[i] *= scale * exponential(-x[i] * x[i]);
}

FOR_EACH_PROCESSOR
void elementwise_cosine(const double *x, double *y, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double half_turns = __builtin_elementwise_abs(x[i]) < 0x1p50 ? x[i] : 0;
        y[i] = circle(half_turns).cosine;
    }
}

FOR_EACH_PROCESSOR
void elementwise_effective_logit(const double *restrict teacher, const uint8_t *restrict labels,
                                 double *restrict z, double soft_ratio, double smoothing,
                                 double hard_logit, size_t count) {
    double hard_ratio = 1 - soft_ratio;
    double small = hard_ratio * smoothing;
    double large = hard_ratio * (1 - smoothing);
    for (size_t i = 0; i < count; i++) {
        double t = teacher[i];
        double e = exponential(-__builtin_elementwise_abs(t));
        double larger = soft_ratio / (1 + e);
        double smaller = e * larger;
        // sigma(z) and sigma(-z), each a sum of two numbers >= 0: no digit is lost.
        double p = (t < 0 ? smaller : larger) + (labels[i] ? large : small);
        double q = (t < 0 ? larger : smaller) + (labels[i] ? small : large);
        double magnitude = logarithm(p < q ? q / p : p / q);
        double root = p < q ? -magnitude : magnitude;
        double hard = labels[i] ? hard_logit : -hard_logit;
        double low = t < hard ? t : hard;
        double high = t < hard ? hard : t;
        z[i] = root < low ? low : root > high ? high : root;
    }
}

// sigma(x) = 1/(1 + e^-x)
INLINE double sigmoid(double x) {
    double e = exponential(-__builtin_elementwise_abs(x));
    double larger = 1 / (1 + e);
    double value = x < 0 ? e * larger : larger;
    // `exponential` takes a NaN for a large number.
    return x == x ? value : x;
}

FOR_EACH_PROCESSOR
void elementwise_loss_gradient(elementwise_loss loss, const double *restrict u,
                               const double *restrict pull, double *restrict g, size_t count) {
    if (loss.soft == 0 || loss.inverse_temperature == 1) {
        double slope = loss.soft + loss.hard;
        for (size_t i = 0; i < count; i++) g[i] = slope * sigmoid(u[i]) - pull[i];
    } else {
        for (size_t i = 0; i < count; i++)
            g[i] = loss.soft * sigmoid(u[i] * loss.inverse_temperature) +
                   (loss.hard * sigmoid(u[i]) - pull[i]);
    }
}

FOR_EACH_PROCESSOR
void elementwise_descend(elementwise_loss loss, const double *restrict u,
                         const double *restrict pull, double *restrict velocity,
                         double *restrict weights, double momentum, double rate, size_t count) {
    if (loss.soft == 0 || loss.inverse_temperature == 1) {
        double slope = loss.soft + loss.hard;
        for (size_t i = 0; i < count; i++) {
            double g = slope * sigmoid(u[i]) - pull[i];
            double v = momentum * velocity[i] + g;
            velocity[i] = v;
            weights[i] -= rate * v;
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            double g = loss.soft * sigmoid(u[i] * loss.inverse_temperature) +
                       (loss.hard * sigmoid(u[i]) - pull[i]);
            double v = momentum * velocity[i] + g;
            velocity[i] = v;
            weights[i] -= rate * v;
        }
    }
}

FOR_EACH_PROCESSOR
void elementwise_relu(double *h, size_t count) {
    for (size_t i = 0; i < count; i++) h[i] = h[i] < 0 ? 0 : h[i];
}

FOR_EACH_PROCESSOR
void elementwise_relu_derivative(const double *restrict a, double *restrict delta, size_t count) {
    for (size_t i = 0; i < count; i++) delta[i] = a[i] > 0 ? delta[i] : 0;
}

FOR_EACH_PROCESSOR
void elementwise_relu_output(const double *restrict a, const double *restrict g,
                             const double *restrict factors, double *restrict delta, size_t rows,
                             size_t columns) {
    for (size_t j = 0; j < columns; j++) {
        double factor = factors[j];
        for (size_t i = 0; i < rows; i++)
            delta[j * rows + i] = a[j * rows + i] > 0 ? factor * g[i] : 0;
    }
}

FOR_EACH_PROCESSOR
void elementwise_outer(const double *restrict g, const double *restrict factors,
                       double *restrict delta, size_t rows, size_t columns) {
    for (size_t j = 0; j < columns; j++) {
        double factor = factors[j];
        for (size_t i = 0; i < rows; i++) delta[j * rows + i] = factor * g[i];
    }
}
