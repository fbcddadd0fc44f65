using Radzen;

namespace Orleans.Pipeline.Dashboard.Dialogs;

/// <summary>Asks the user, and tells the user what came of it. One for each browser.</summary>
internal sealed class Confirmations(DialogService dialogs, NotificationService notifications)
{
    private const double ShortMs = 4000;
    private const double LongMs = 12000;

    /// <summary>Asks whether something shall be done.</summary>
    /// <param name="question">The question.</param>
    /// <param name="consequence">What follows if it is done.</param>
    /// <param name="action">The word on the button that does it.</param>
    /// <param name="isDanger">Whether it cannot be taken back.</param>
    public async Task<bool> ConfirmAsync(string question, string consequence, string action, bool isDanger = false) =>
        await OpenAsync<ConfirmDialog, object>(question, new()
        {
            [nameof(ConfirmDialog.Consequence)] = consequence,
            [nameof(ConfirmDialog.Action)] = action,
            [nameof(ConfirmDialog.IsDanger)] = isDanger,
        }) is true;

    /// <summary>Opens a dialog.</summary>
    /// <returns>What it was closed with; null if it was closed without an answer.</returns>
    public async Task<TAnswer?> OpenAsync<TDialog, TAnswer>(string title, Dictionary<string, object?> parameters)
        where TDialog : Microsoft.AspNetCore.Components.ComponentBase
        where TAnswer : class =>
        await dialogs.OpenAsync<TDialog>(title, parameters, new DialogOptions { Width = "min(480px, calc(100vw - 32px))", CloseDialogOnEsc = true, ShowClose = true }) as TAnswer;

    /// <summary>Does something, and tells that it is done, or why it is not.</summary>
    public Task GuardAsync(string done, Func<ValueTask> work) => GuardAsync(async () =>
    {
        await work();
        return done;
    });

    /// <summary>Does something, and tells what it answers, or why it was not done.</summary>
    public async Task GuardAsync(Func<Task<string>> work)
    {
        try
        {
            Tell(await work());
        }
        catch (PipelineException failure)
        {
            notifications.Notify(NotificationSeverity.Error, "That did not work", failure.Message, LongMs);
        }
    }

    /// <summary>Tells something.</summary>
    public void Tell(string what) => notifications.Notify(NotificationSeverity.Success, what, duration: ShortMs);
}
