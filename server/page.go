package server

import (
	"encoding/binary"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"dalil/corpus"
)

// answerBytes limits the bytes of lists and texts in one answer. gRPC clients
// accept 4 MB by default, and an answer has other fields too.
const answerBytes = 3 << 20

// fits returns how many of the messages fit into an answer, at least one.
func fits[M proto.Message](messages []M) int { return fit(messages, answerBytes) }

// fit returns how many of the messages have at most room bytes, at least one.
func fit[M proto.Message](messages []M, room int) int {
	left := room
	for i, m := range messages {
		left -= proto.Size(m) + 8 // its tag and length
		if left < 0 && i > 0 {
			return i
		}
	}
	return len(messages)
}

// textPage returns the part of a text that begins at start, has at most room bytes and
// ends between two characters. It also returns where the next part begins, or 0 if there
// is none.
func textPage(text string, start, room int) (page string, next int) {
	end := start + room
	if end >= len(text) {
		return text[start:], 0
	}
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[start:end], end
}

// offset parses the place of a token as a number.
func offset(place []byte) (int, error) {
	n, size := binary.Uvarint(place)
	if size <= 0 || size != len(place) || n > 1<<40 {
		return 0, corpus.Invalid("page_token", "is not a token of this method")
	}
	return int(n), nil
}
