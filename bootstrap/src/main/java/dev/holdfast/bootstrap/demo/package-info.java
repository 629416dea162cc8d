/** Shows a cluster at work: a database, nodes in processes of their own, tasks, and what is seen. */
@NullMarked
package dev.holdfast.bootstrap.demo;

import org.jspecify.annotations.NullMarked;
