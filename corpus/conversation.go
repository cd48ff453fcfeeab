package corpus

import "fmt"

// Role is who said something in a conversation.
type Role uint8

// The roles.
const (
	User Role = iota
	Assistant
)

// Turn is what one side said in a conversation.
type Turn struct {
	Role  Role
	Text  string
	Cited []ChunkID // passages that an answer cites
}

// historyViolations returns what is wrong with a conversation. A limit that is 0 does not apply.
func historyViolations(turns []Turn, limits Limits) []Violation {
	if most := limits.HistoryTurns; most > 0 && len(turns) > most {
		return []Violation{{
			Field: "history", Description: fmt.Sprintf("must have at most %d turns, has %d", most, len(turns)),
			Limit: fmt.Sprint(most), Got: fmt.Sprint(len(turns)),
		}}
	}
	var all []Violation
	bytes := 0
	for i, turn := range turns {
		field := fmt.Sprintf("history[%d]", i)
		if turn.Role > Assistant {
			all = append(all, Violation{Field: field + ".role", Description: fmt.Sprintf("unknown role %d", turn.Role)})
		}
		if turn.Text == "" && len(turn.Cited) == 0 {
			all = append(all, Violation{Field: field, Description: "has neither text nor passage_ids"})
		}
		bytes += len(turn.Text)
	}
	if limits.HistoryBytes > 0 && bytes > limits.HistoryBytes {
		all = append(all, TooLong("history", bytes, limits.HistoryBytes))
	}
	return all
}
