package keys

import (
	"crypto/rand"
	"crypto/sha256"
	"hash/crc32"
	"math/big"
	"strings"

	"dalil/access"
)

// The text of a key is
//
//	dalil_ID_SECRETCHECK
//
// in the digits of base 62 (0-9, a-z, A-Z): 12 digits of the id, 43 of the secret (256
// random bits), 6 of the checksum, which is the CRC-32 (IEEE) of everything before it.
// A secret scanner finds keys by the regular expression
// dalil_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}.
const (
	// Prefix begins the text of every key.
	Prefix = "dalil_"

	idDigits     = 12
	secretDigits = 43 // 62^43 > 2^256
	checkDigits  = 6  // 62^6 > 2^32
	textBytes    = len(Prefix) + idDigits + 1 + secretDigits + checkDigits
	digits       = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" // as math/big has them
)

// newText returns the id and the text of a new key.
func newText() (id, text string) {
	var secret [32]byte
	rand.Read(secret[:]) // never fails
	id = base62(randomBelow(idDigits), idDigits)
	text = Prefix + id + "_" + base62(new(big.Int).SetBytes(secret[:]), secretDigits)
	return id, text + checksum(text)
}

// randomBelow returns a random number of n digits.
func randomBelow(n int) *big.Int {
	number, err := rand.Int(rand.Reader, new(big.Int).Exp(big.NewInt(62), big.NewInt(int64(n)), nil))
	if err != nil { // rand.Reader never fails
		panic(err)
	}
	return number
}

func base62(n *big.Int, width int) string {
	text := n.Text(62)
	return strings.Repeat("0", max(0, width-len(text))) + text
}

// checksum returns the last digits of a key that begins with text.
func checksum(text string) string {
	sum := crc32.ChecksumIEEE([]byte(text))
	var b [checkDigits]byte
	for i := len(b) - 1; i >= 0; i-- {
		b[i], sum = digits[sum%62], sum/62
	}
	return string(b[:])
}

// hashOf returns what the file keeps of a key. The secret has 256 random bits, so a
// fast hash is as safe as a slow one.
func hashOf(text string) [sha256.Size]byte { return sha256.Sum256([]byte(text)) }

// parse returns the id of a key, or the refusal of a text that cannot be a key. It
// recognises a typo without a look-up.
func parse(text string) (id string, err error) {
	switch {
	case text == "":
		return "", access.Refuse(access.Missing, "the call needs an API key")
	case !strings.HasPrefix(text, Prefix):
		return "", access.Refuse(access.Malformed, "the credential is not an API key of Dalil, which begins with "+Prefix)
	case len(text) != textBytes:
		return "", access.Refuse(access.Malformed, "the API key is too short or too long; was it copied as a whole?")
	}
	body, check := text[:textBytes-checkDigits], text[textBytes-checkDigits:]
	id = body[len(Prefix) : len(Prefix)+idDigits]
	if check != checksum(body) || body[len(Prefix)+idDigits] != '_' || !isBase62(id) || !isBase62(body[len(Prefix)+idDigits+1:]) {
		return "", access.Refuse(access.Malformed, "the API key has a typo: its checksum does not match")
	}
	return id, nil
}

// IDOf returns the id in a text that looks like a key, also like one with a typo. Such a
// text must not be shown.
func IDOf(text string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(text, Prefix)
	id, secret, more := strings.Cut(rest, "_")
	if !ok || !more || secret == "" || len(id) != idDigits || !isBase62(id) {
		return "", false
	}
	return id, true
}

func isBase62(s string) bool {
	for i := range len(s) {
		if strings.IndexByte(digits, s[i]) < 0 {
			return false
		}
	}
	return true
}
