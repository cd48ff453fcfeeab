package lexical

// Hash maps a stem to its sparse dimension: 64-bit FNV-1a, its bits mixed down to
// 32. It never changes without a change of [Analyzer.Name].
//
// Of n stems in an index, a given query stem shares its dimension with another
// one with probability n/2^32: 1 in 43,000 for 100,000 stems. About n²/2^33
// pairs collide in all (one pair among 93,000 stems); such twins are searched
// as one word, as if they had one spelling.
func Hash(stem string) uint32 { return mix(fnv(fnvBasis, stem)) }

const fnvBasis, fnvPrime = 0xcbf29ce484222325, 0x100000001b3

func fnv[T ~string | ~[]byte](h uint64, s T) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// mix finalises as MurmurHash3 does (Appleby, public domain), so that every
// bit of h reaches the 32 that are kept.
func mix(h uint64) uint32 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return uint32(h)
}
