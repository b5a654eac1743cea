// The decoder of raw deflate streams, RFC 1951, for a stream and a result that are in memory whole.
//
// Sixty-four bits of the stream are kept in a register, filled by a load of eight bytes; codes of up to eleven bits are
// looked up at once, longer ones by a second table; up to three literals are taken between two loads, and matches are
// copied by words. Where the end of either buffer is near, the same steps are taken with every bound looked at.
//
// It is stricter than it has to be: what it refuses may be a stream all the same, of a kind that nobody writes.

#include "CKernels.h"

#include <string.h>

typedef unsigned char byte;
typedef unsigned int word;
typedef unsigned long bits_t;

// An entry: what to do in the upper half, the number of extra bits in the second byte, and in the lowest how many bits of
// the code to drop.
enum {
    is_literal = 1u << 31,
    // The upper half is where the second table begins, the extra bits its size.
    is_pointer = 1u << 15,
    is_end = 1u << 14,
    is_invalid = 1u << 13,
};

enum { literal_bits = 11, distance_bits = 8, longest_code = 15 };
// Second tables hold at most 2^15 / 2^bits times as many entries as the first, shared among a complete code; the
// largest numbers that 286 and 30 symbols can need are 2,342 and 402 (zlib's enough.c for 11 and 8 bits).
enum { literal_room = 2400, distance_room = 416 };

typedef struct {
    word literals[literal_room];
    word distances[distance_room];
} tables;

static const unsigned short length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                               31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const byte length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const unsigned short distance_base[30] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                                 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
static const byte distance_extra[30] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                        6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

static word literal_entry(int symbol) {
    if (symbol < 256) return is_literal | (word)symbol << 16;
    if (symbol == 256) return is_end;
    if (symbol > 285) return is_invalid;
    return (word)length_base[symbol - 257] << 16 | (word)length_extra[symbol - 257] << 8;
}

static word distance_entry(int symbol) {
    if (symbol > 29) return is_invalid;
    return (word)distance_base[symbol] << 16 | (word)distance_extra[symbol] << 8;
}

static word reversed(word code, int length) {
    word result = 0;
    for (int i = 0; i < length; i += 1) result |= (code >> i & 1) << (length - 1 - i);
    return result;
}

// Fills a table for codes of these lengths; false for lengths that make no code, or one with gaps.
static _Bool build(
    const byte *lengths, int symbols, int bits, word *table, int room, word (*entry)(int), _Bool may_be_single) {
    int counts[longest_code + 1] = {0};
    for (int s = 0; s < symbols; s += 1) counts[lengths[s]] += 1;
    const int used = symbols - counts[0];
    for (int i = 0; i < 1 << bits; i += 1) table[i] = is_invalid;
    if (used == 0) return may_be_single;
    counts[0] = 0;
    long left = 1;
    word next[longest_code + 2], code = 0;
    for (int length = 1; length <= longest_code; length += 1) {
        left = 2 * left - counts[length];
        if (left < 0) return 0;
        code = (code + (word)counts[length - 1]) << 1;
        next[length] = code;
    }
    if (left > 0 && !(may_be_single && used == 1 && counts[1] == 1)) return 0;
    int end = 1 << bits;
    // By length, so that the codes of a second table come together, the longest last.
    int start[1 << literal_bits];
    byte size[1 << literal_bits];
    memset(size, 0, 1 << bits);
    // How many bits the second tables need.
    word peek[longest_code + 2];
    memcpy(peek, next, sizeof peek);
    for (int length = bits + 1; length <= longest_code; length += 1)
        for (int i = 0; i < counts[length]; i += 1) {
            const word first = reversed(peek[length] + (word)i, length) & ((1u << bits) - 1);
            size[first] = (byte)(length - bits);
        }
    for (int i = 0; i < 1 << bits; i += 1)
        if (size[i]) {
            start[i] = end;
            table[i] = is_pointer | (word)end << 16 | (word)size[i] << 8 | (word)bits;
            if (end + (1 << size[i]) > room) return 0;
            for (int j = 0; j < 1 << size[i]; j += 1) table[end + j] = is_invalid;
            end += 1 << size[i];
        }
    for (int s = 0; s < symbols; s += 1) {
        const int length = lengths[s];
        if (!length) continue;
        const word turned = reversed(next[length]++, length);
        if (length <= bits) {
            const word value = entry(s) | (word)length;
            for (word i = turned; i < 1u << bits; i += 1u << length) table[i] = value;
        } else {
            const word first = turned & ((1u << bits) - 1), value = entry(s) | (word)(length - bits);
            for (word i = turned >> bits; i < 1u << size[first]; i += 1u << (length - bits))
                table[start[first] + (int)i] = value;
        }
    }
    return 1;
}

typedef struct {
    const byte *in, *in_end;
    bits_t buffer;
    // How many bits of the buffer count.
    int count;
    // Zeros taken for bytes beyond the end.
    long beyond;
} reader;

static inline void fill_slowly(reader *r) {
    while (r->count <= 56) {
        if (r->in < r->in_end)
            r->buffer |= (bits_t)*r->in++ << r->count;
        else
            r->beyond += 1;
        r->count += 8;
    }
}

static inline word take(reader *r, int count) {
    const word value = (word)(r->buffer & ((1ul << count) - 1));
    r->buffer >>= count;
    r->count -= count;
    return value;
}

static _Bool read_codes(reader *r, tables *t) {
    fill_slowly(r);
    const int literals = (int)take(r, 5) + 257, distances = (int)take(r, 5) + 1, orders = (int)take(r, 4) + 4;
    if (literals > 286 || distances > 30) return 0;
    static const byte order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    byte lengths[320] = {0};
    for (int i = 0; i < orders; i += 1) {
        fill_slowly(r);
        lengths[order[i]] = (byte)take(r, 3);
    }
    // Symbols stand as literals.
    word code[1 << 7];
    if (!build(lengths, 19, 7, code, 1 << 7, literal_entry, 0)) return 0;
    byte all[320];
    int done = 0;
    while (done < literals + distances) {
        fill_slowly(r);
        const word entry = code[r->buffer & 127];
        if (!(entry & is_literal)) return 0;
        take(r, entry & 15);
        const int symbol = entry >> 16 & 255;
        if (symbol < 16) {
            all[done++] = (byte)symbol;
            continue;
        }
        if (symbol == 16 && done == 0) return 0;
        const byte value = symbol == 16 ? all[done - 1] : 0;
        const int count = symbol == 16 ? 3 + (int)take(r, 2) : symbol == 17 ? 3 + (int)take(r, 3) : 11 + (int)take(r, 7);
        if (done + count > literals + distances) return 0;
        memset(all + done, value, (size_t)count);
        done += count;
    }
    // A block without an end is none.
    if (!all[256]) return 0;
    return build(all, literals, literal_bits, t->literals, literal_room, literal_entry, 0)
        && build(all + literals, distances, distance_bits, t->distances, distance_room, distance_entry, 1);
}

static _Bool fixed_codes(tables *t) {
    byte lengths[288];
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    byte fives[32];
    memset(fives, 5, 32);
    return build(lengths, 288, literal_bits, t->literals, literal_room, literal_entry, 0)
        && build(fives, 32, distance_bits, t->distances, distance_room, distance_entry, 0);
}

// Copies a match; may write up to 31 bytes beyond its end.
static inline void copy_match(byte *out, long distance, long length) {
    const byte *from = out - distance;
    const byte *end = out + length;
    if (distance >= 16) {
        do {
            memcpy(out, from, 16);
            memcpy(out + 8, from + 8, 8);
            out += 16;
            from += 16;
        } while (out < end);
    } else if (distance == 1) {
        const bits_t value = *from * 0x0101010101010101ul;
        do {
            memcpy(out, &value, 8);
            memcpy(out + 8, &value, 8);
            out += 16;
        } while (out < end);
    } else if (distance >= 8) {
        do {
            memcpy(out, from, 8);
            out += 8;
            from += 8;
        } while (out < end);
    } else {
        do *out++ = *from++;
        while (out < end);
    }
}

#define LOOK_UP(table, bits) \
    entry = (table)[r.buffer & ((1 << (bits)) - 1)]; \
    if (__builtin_expect((entry & is_pointer) != 0, 0)) { \
        DROP(bits); \
        entry = (table)[(entry >> 16) + (r.buffer & ((1u << (entry >> 8 & 15)) - 1))]; \
    }
#define DROP(bits) (r.buffer >>= (bits), r.count -= (int)(bits))
#define FILL \
    do { \
        bits_t next; \
        memcpy(&next, r.in, 8); \
        r.buffer |= next << r.count; \
        r.in += (63 - r.count) >> 3; \
        r.count |= 56; \
    } while (0)

_Bool descent_inflate(const void *compressed, long size, void *result, long result_size) {
    reader r = {compressed, (const byte *)compressed + size, 0, 0, 0};
    byte *const begin = result, *out = begin, *const out_end = begin + result_size;
    tables t;
    _Bool is_last;
    do {
        fill_slowly(&r);
        is_last = take(&r, 1);
        const word kind = take(&r, 2);
        if (kind == 0) {
            take(&r, r.count & 7);
            fill_slowly(&r);
            const word length = take(&r, 16), complement = take(&r, 16);
            if (length != (complement ^ 0xFFFF) || r.beyond * 8 > r.count) return 0;
            // Gives back what lies in the buffer.
            r.in -= r.count / 8 - r.beyond;
            r.buffer = 0;
            r.count = 0;
            r.beyond = 0;
            if (r.in_end - r.in < (long)length || out_end - out < (long)length) return 0;
            memcpy(out, r.in, length);
            r.in += length;
            out += length;
            continue;
        }
        if (kind == 3 || !(kind == 1 ? fixed_codes(&t) : read_codes(&r, &t))) return 0;
        word entry;
        _Bool at_end = 0;
        // Above the top of the count there may be bits of the next byte, which is read again: the same bits.
        while (r.in_end - r.in >= 16 && out_end - out >= 320) {
            FILL;
            LOOK_UP(t.literals, literal_bits);
            if (entry & is_literal) {
                DROP(entry & 15);
                *out++ = (byte)(entry >> 16);
                LOOK_UP(t.literals, literal_bits);
                if (entry & is_literal) {
                    DROP(entry & 15);
                    *out++ = (byte)(entry >> 16);
                    FILL;
                    LOOK_UP(t.literals, literal_bits);
                    if (entry & is_literal) {
                        DROP(entry & 15);
                        *out++ = (byte)(entry >> 16);
                        continue;
                    }
                }
            }
            DROP(entry & 15);
            if (__builtin_expect(entry & (is_end | is_invalid), 0)) {
                if (entry & is_invalid) return 0;
                at_end = 1;
                break;
            }
            const word length_bits = entry >> 8 & 31;
            const long length = (long)(entry >> 16) + (long)(r.buffer & ((1ul << length_bits) - 1));
            DROP(length_bits);
            FILL;
            LOOK_UP(t.distances, distance_bits);
            if (__builtin_expect(entry & is_invalid, 0)) return 0;
            DROP(entry & 15);
            const word more = entry >> 8 & 31;
            const long distance = (long)(entry >> 16) + (long)(r.buffer & ((1ul << more) - 1));
            DROP(more);
            if (__builtin_expect(distance > out - begin, 0)) return 0;
            copy_match(out, distance, length);
            out += length;
        }
        // The bits above the count must be zeros from here on.
        r.buffer &= r.count >= 64 ? ~0ul : (1ul << r.count) - 1;
        while (!at_end) {
            fill_slowly(&r);
            LOOK_UP(t.literals, literal_bits);
            DROP(entry & 15);
            if (entry & is_literal) {
                if (out == out_end) return 0;
                *out++ = (byte)(entry >> 16);
            } else if (entry & is_end) {
                at_end = 1;
            } else {
                if (entry & is_invalid) return 0;
                const long length = (long)(entry >> 16) + (long)take(&r, entry >> 8 & 31);
                fill_slowly(&r);
                LOOK_UP(t.distances, distance_bits);
                if (entry & is_invalid) return 0;
                DROP(entry & 15);
                const long distance = (long)(entry >> 16) + (long)take(&r, entry >> 8 & 31);
                if (distance > out - begin || length > out_end - out) return 0;
                for (long i = 0; i < length; i += 1) out[i] = out[i - distance];
                out += length;
            }
            // Bits that are not there were used.
            if (r.beyond * 8 > r.count) return 0;
        }
    } while (!is_last);
    // All of the stream, but for the bits that fill its last byte, and all of the result.
    return r.in - (r.count / 8 - r.beyond) == r.in_end && out == out_end;
}
