package parser

// wordTable gives numbers to the words that identify languages. A word of at most eight
// bytes is found by its bytes as one number.
type wordTable struct {
	words   [tablePlaces]uint64 // open addressing; 0: free
	numbers [tablePlaces]uint16
	long    map[string]int
	longest int // bytes of a word
}

const (
	shortWord   = 8
	tableBits   = 11
	tablePlaces = 1 << tableBits // nearly twice the words of any table
)

// packed is a word of at most shortWord bytes as a number. No word has a zero byte.
func packed(word string) (n uint64) {
	for i := range len(word) {
		n |= uint64(word[i]) << (8 * i)
	}
	return n
}

func (t *wordTable) place(word uint64) uint64 {
	at := word * 0x9e3779b97f4a7c15 >> (64 - tableBits)
	for t.words[at] != 0 && t.words[at] != word {
		at = (at + 1) % tablePlaces
	}
	return at
}

// add adds a word that the table does not have.
func (t *wordTable) add(word string, number int) {
	t.longest = max(t.longest, len(word))
	if len(word) > shortWord {
		if t.long == nil {
			t.long = map[string]int{}
		}
		t.long[word] = number
		return
	}
	n := packed(word)
	at := t.place(n)
	t.words[at], t.numbers[at] = n, uint16(number)
}

// number is that of a word.
func (t *wordTable) number(word string) (n int, listed bool) {
	if len(word) > shortWord {
		if len(word) > t.longest {
			return 0, false
		}
		n, listed = t.long[word]
		return n, listed
	}
	at := t.place(packed(word))
	return int(t.numbers[at]), t.words[at] != 0
}
