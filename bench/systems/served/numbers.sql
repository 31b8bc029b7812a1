SELECT item, event_time, x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x0 * x1 AS x10, x2 - x3 AS x11 FROM source
