/** Requests, answers and routes, free of any server's types. */
@NullMarked
package dev.holdfast.http.web;

import org.jspecify.annotations.NullMarked;
