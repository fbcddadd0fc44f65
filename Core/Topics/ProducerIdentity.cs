namespace Orleans.Pipeline;

/// <summary>
/// The identity under which a producer appends. Batches carry it, and the log keeps the last sequences of each per partition.
/// </summary>
/// <param name="Id">The producer id, 0 or above.</param>
/// <param name="Epoch">
/// The producer epoch. Opening a named producer again raises the epoch and fences the older one. A producer without a name may raise its
/// epoch itself; each partition then fences the older epoch when it sees the new one.
/// </param>
public readonly record struct ProducerIdentity(long Id, short Epoch);
