package store

// Damage is what cannot be read of one document.
type Damage struct {
	DocumentID string // "": of documents whose ids cannot be read either
	Err        error
	Readable   bool // its text and metadata can be read; only vectors cannot
}

// Salvager is implemented by a store that was opened to save what can be read:
// it lists only documents whose text can be read.
type Salvager interface {
	// Damaged returns what cannot be read.
	Damaged() []Damage
}

// Unreadable returns the damaged documents whose text cannot be read; nil where
// the store is no [Salvager].
func Unreadable(r Reader) []Damage {
	salvager, ok := r.(Salvager)
	if !ok {
		return nil
	}
	var damaged []Damage
	for _, d := range salvager.Damaged() {
		if !d.Readable {
			damaged = append(damaged, d)
		}
	}
	return damaged
}
