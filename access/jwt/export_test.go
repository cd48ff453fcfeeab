package jwt

// ParseKeySet returns the number of usable keys, for the tests.
func ParseKeySet(raw []byte) (int, error) {
	s, err := parseKeySet(raw)
	if err != nil {
		return 0, err
	}
	return s.used, nil
}
