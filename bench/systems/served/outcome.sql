SELECT item, event_time, x0 * x1 + sin(6 * x2) * x3 + x4 * x5 * x6 > 0.6 AS high FROM source
