SELECT "order", settled AS event_time, returned = 'yes' AS returned FROM source WHERE settled IS NOT NULL
