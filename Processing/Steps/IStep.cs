namespace Orleans.Pipeline;

/// <summary>
/// A stateless step: one value in, one value out. One instance serves every worker of the process at once, so it must be safe for
/// several threads and remember nothing between records.
/// </summary>
/// <typeparam name="TIn">The values that come in.</typeparam>
/// <typeparam name="TOut">The values for the next step.</typeparam>
public interface IStep<in TIn, out TOut>
{
    /// <summary>
    /// Turns one value into another. An exception is retried if it is transient (see <c>RetrySettings</c>); otherwise, or
    /// when the retries are used up, the record becomes a dead letter.
    /// </summary>
    /// <param name="input">The value.</param>
    /// <param name="context">The source record; valid only during the call.</param>
    TOut Process(TIn input, StepContext context);
}

/// <summary>A stateless step that yields any number of values for one; otherwise like <see cref="IStep{TIn, TOut}"/>.</summary>
/// <typeparam name="TIn">The values that come in.</typeparam>
/// <typeparam name="TOut">The values for the next step.</typeparam>
public interface IFlatStep<in TIn, out TOut>
{
    /// <summary>Turns one value into none, one or several. The next step receives them in this order.</summary>
    /// <param name="input">The value.</param>
    /// <param name="context">The source record; valid only during the call.</param>
    IEnumerable<TOut> Process(TIn input, StepContext context);
}

/// <summary>
/// An asynchronous stateless step; otherwise like <see cref="IStep{TIn, TOut}"/>. Several records are in the step at once, up to the
/// concurrency set where the step is added. The next step still receives the results in offset order.
/// </summary>
/// <typeparam name="TIn">The values that come in.</typeparam>
/// <typeparam name="TOut">The values for the next step.</typeparam>
public interface IAsyncStep<in TIn, TOut>
{
    /// <summary>Turns one value into another.</summary>
    /// <param name="input">The value.</param>
    /// <param name="context">The source record; valid until the returned task completes.</param>
    /// <param name="cancellationToken">Cancelled when the task stops; the record will be processed again.</param>
    ValueTask<TOut> ProcessAsync(TIn input, StepContext context, CancellationToken cancellationToken);
}
