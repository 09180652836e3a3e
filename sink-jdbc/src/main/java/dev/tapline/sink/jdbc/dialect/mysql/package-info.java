/// MariaDB and MySQL.
package dev.tapline.sink.jdbc.dialect.mysql;
