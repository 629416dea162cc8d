DROP TABLE removed;
DROP TABLE step;
