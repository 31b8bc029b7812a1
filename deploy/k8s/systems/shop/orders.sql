SELECT "order", placed AS event_time, amount, items, country FROM source
