/// H2.
package dev.tapline.sink.jdbc.dialect.h2;
