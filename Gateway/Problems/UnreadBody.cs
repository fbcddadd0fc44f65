using Microsoft.AspNetCore.Http;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>
/// Ends a request after its response, although its body is not read to the end. The server itself would read on for seconds, and during a
/// stop until it is killed.
/// </summary>
internal static class UnreadBody
{
    /// <summary>How long a client that still sends has to read the response.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task DropAsync(HttpContext context)
    {
        await context.Response.CompleteAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            var body = context.Request.BodyReader;
            while (await body.ReadAsync(patience.Token) is { IsCompleted: false, Buffer.End: var end })
            {
                body.AdvanceTo(end);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            context.Abort();
        }
    }
}
