package dimacs

import (
	"io"

	"callbox/geo"
)

// readCoords reads a .co file: the point of node i+1 at i.
func readCoords(l *lines) ([]geo.Point, error) {
	var count int64
	if err := l.header(coordsHeader, &count); err != nil {
		return nil, err
	}
	type node struct {
		id, line uint32
		point    geo.Point
	}
	var nodes []node
	for {
		var id, lon, lat int64
		err := l.body('v', int64(len(nodes)), count, &id, &lon, &lat)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if id < 1 || id > count {
			return nil, l.wrong(RuleID, "node %s is not from 1 to %d", l.field(1), count)
		}
		if lat < -90e6 || lat > 90e6 || lon < -180e6 || lon > 180e6 {
			return nil, l.wrong(RuleCoordinate, "longitude %s, latitude %s (millionths of a degree) is not on the earth", l.field(2), l.field(3))
		}
		const steps = geo.E7 / 1_000_000
		nodes = append(nodes, node{uint32(id), uint32(l.at), geo.Point{Lat: int32(lat * steps), Lon: int32(lon * steps)}})
	}
	points, seen := make([]geo.Point, count), make([]uint32, count)
	for _, n := range nodes {
		if first := seen[n.id-1]; first != 0 {
			l.at = int(n.line)
			return nil, l.wrong(RuleDuplicate, "node %d was on line %d already", n.id, first)
		}
		points[n.id-1], seen[n.id-1] = n.point, n.line
	}
	return points, nil
}
