package keys

// For the tests.
var Checksum = checksum

func Decode(raw []byte) ([]*Key, error) {
	all, _, err := decode(raw)
	return all, err
}

var Encode = encode
