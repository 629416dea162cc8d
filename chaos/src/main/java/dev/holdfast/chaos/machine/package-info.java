/** What a fault needs of the machine: processes, PostgreSQL servers, a proxy between them. */
@NullMarked
package dev.holdfast.chaos.machine;

import org.jspecify.annotations.NullMarked;
