package journal

import "golang.org/x/sys/unix"

// networkFS names the folder's file system if it is a remote one, else "". The
// kernel marks those that are local (statfs(2), MNT_LOCAL).
func networkFS(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", err
	}
	if st.Flags&unix.MNT_LOCAL != 0 {
		return "", nil
	}
	return unix.ByteSliceToString(st.Fstypename[:]), nil
}
