-- What is known of a passenger on boarding.
WITH boarding AS (
    SELECT *,
           split_part(name, ',', 1) AS surname,
           regexp_extract(name, ',\s*([^.]+)\.', 1) AS written_title
    FROM source
    WHERE name IS NOT NULL
)
SELECT passenger,
       boarded AS event_time,
       CASE
           WHEN written_title IN ('Mr', 'Mrs', 'Miss', 'Master') THEN written_title
           WHEN written_title IN ('Mlle', 'Ms') THEN 'Miss'
           WHEN written_title = 'Mme' THEN 'Mrs'
           ELSE 'Other'
       END AS title,
       passengerClass AS class,
       sex,
       age,
       age IS NOT NULL AS age_known,
       sibsp,
       parch,
       sibsp + parch + 1 AS family_size,
       count(*) OVER (PARTITION BY surname, passengerClass) AS party_size,
       surname || '/' || passengerClass AS party
FROM boarding
