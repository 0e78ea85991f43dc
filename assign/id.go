package assign

// MaxID is the greatest length of an ID in bytes.
const MaxID = 128

// ValidID reports whether s is an ID that callers may choose: 1 to MaxID bytes
// of A-Z, a-z, 0-9, dot, underscore, colon and hyphen.
func ValidID(s string) bool {
	if len(s) == 0 || len(s) > MaxID {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '.', c == '_', c == ':', c == '-':
		default:
			return false
		}
	}
	return true
}
