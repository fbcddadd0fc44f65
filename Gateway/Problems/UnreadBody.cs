using Microsoft.AspNetCore.Http;

namespace Orleans.Pipeline.Gateway.Problems;

/// <summary>
/// Ends a request whose body is not read to its end, once it is answered. The server by itself would read on for seconds, and while it
/// stops until it is killed.
/// </summary>
internal static class UnreadBody
{
    /// <summary>How long a client that is still sending has to read the response.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Discards what still arrives for a moment, and then ends the connection.</summary>
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
