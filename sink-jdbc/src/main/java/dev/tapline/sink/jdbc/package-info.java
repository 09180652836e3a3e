/// The sink `jdbc`: writes streams as tables of any database that has a JDBC driver.
package dev.tapline.sink.jdbc;
