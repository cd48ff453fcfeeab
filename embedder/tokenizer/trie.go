package tokenizer

import "slices"

// trie is a double array over bytes (Aoe, 1989): the child of node n by byte c
// is at nodes[n].base+c, if that place says that n is its parent. A walk costs
// one memory access a byte, whatever the number of keys.
type trie struct{ nodes []trieNode }

type trieNode struct {
	base   int32 // where children are counted from; 0: no children
	parent int32 // -1: the place is free
	value  int32 // -1: no key ends here
}

const trieRoot = 0

// newTrie builds a trie of keys in ascending byte order, without repeats;
// values are ≥ 0.
func newTrie(keys []string, values []int32) trie {
	b := trieBuilder{keys: keys, values: values}
	b.grow(512 + prefixes(keys)*9/8)
	b.nodes[trieRoot] = trieNode{value: -1}
	// Places below 256 stay empty, so that any label has a base ≥ 1 for any
	// free place.
	b.free, b.crowd = 256, 256
	if len(keys) > 0 {
		b.insert(trieRoot, 0, len(keys), 0)
	}
	// A walk may look up to 255 places past the last child.
	last := len(b.nodes) - 1
	for last > 0 && b.nodes[last].parent < 0 {
		last--
	}
	b.grow(last + 1 + 256)
	return trie{nodes: b.nodes[: last+1+256 : last+1+256]}
}

// prefixes counts the distinct prefixes of sorted keys: the nodes to place.
func prefixes(keys []string) int {
	count, last := 0, ""
	for _, key := range keys {
		shared := 0
		for shared < len(last) && shared < len(key) && last[shared] == key[shared] {
			shared++
		}
		count += len(key) - shared
		last = key
	}
	return count
}

// step goes from node n by byte c; false: no key continues so.
func (t trie) step(n int32, c byte) (int32, bool) {
	base := t.nodes[n].base
	child := base + int32(c)
	if base == 0 || t.nodes[child].parent != n {
		return 0, false
	}
	return child, true
}

// get finds a whole key.
func (t trie) get(key []byte) (int32, bool) {
	n := int32(trieRoot)
	for _, c := range key {
		var ok bool
		if n, ok = t.step(n, c); !ok {
			return 0, false
		}
	}
	v := t.nodes[n].value
	return v, v >= 0
}

type trieBuilder struct {
	keys   []string
	values []int32
	nodes  []trieNode
	free   int32 // no place below it is free
	crowd  int32 // searches for several children begin here; see place
}

func (b *trieBuilder) grow(n int) {
	b.nodes = slices.Grow(b.nodes, max(0, n-len(b.nodes)))
	for len(b.nodes) < n {
		b.nodes = append(b.nodes, trieNode{parent: -1, value: -1})
	}
}

// insert places the children of node n, whose keys are keys[from:to] and
// agree in their first depth bytes. Its recursion is as deep as a key is long.
func (b *trieBuilder) insert(n int32, from, to, depth int) {
	if len(b.keys[from]) == depth {
		b.nodes[n].value = b.values[from]
		from++
	}
	if from == to {
		return
	}
	var labels [256]byte
	var starts [257]int
	count := 0
	for i := from; i < to; i++ {
		if c := b.keys[i][depth]; count == 0 || labels[count-1] != c {
			labels[count], starts[count] = c, i
			count++
		}
	}
	starts[count] = to
	base := b.place(labels[:count])
	b.nodes[n].base = base
	for _, c := range labels[:count] {
		b.nodes[base+int32(c)].parent = n
	}
	for i, c := range labels[:count] {
		b.insert(base+int32(c), starts[i], starts[i+1], depth+1)
	}
}

// place finds a base ≥ 1 with all of base+label free.
func (b *trieBuilder) place(labels []byte) int32 {
	first := int32(labels[0])
	for int(b.free) < len(b.nodes) && b.nodes[b.free].parent >= 0 {
		b.free++
	}
	at := b.free
	if len(labels) > 1 {
		at = max(b.crowd, at)
	}
	for tries := 0; ; at++ {
		b.grow(int(at) + 256)
		if b.nodes[at].parent >= 0 {
			continue
		}
		base := at - first
		fits := true
		for _, c := range labels[1:] {
			if b.nodes[base+int32(c)].parent >= 0 {
				fits = false
				break
			}
		}
		if fits {
			return base
		}
		// Crowded stretches are left to single children, or building would
		// take quadratic time.
		if tries++; tries > 64 {
			b.crowd = at
			tries = 0
		}
	}
}
