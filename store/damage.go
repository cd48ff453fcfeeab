package store

// Damage describes what cannot be read of one document.
type Damage struct {
	DocumentID string // "": several documents, whose ids cannot be read either
	Err        error
	Readable   bool // only vectors cannot be read; text and metadata can
}

// Salvager is a store that was opened to save what can be read. It lists only
// documents whose text can be read.
type Salvager interface {
	// Damaged returns what cannot be read.
	Damaged() []Damage
}

// Unreadable returns the damaged documents whose text cannot be read, or nil if the
// store is not a [Salvager].
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
