-- The label, once it is known.
SELECT passenger,
       decided AS event_time,
       survived = 'yes' AS survived
FROM source
WHERE decided IS NOT NULL
