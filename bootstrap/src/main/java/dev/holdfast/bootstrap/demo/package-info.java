/** Shows a cluster at work: a database, nodes in processes of their own, tasks, a view. */
@NullMarked
package dev.holdfast.bootstrap.demo;

import org.jspecify.annotations.NullMarked;
